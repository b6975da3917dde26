import * as z from 'zod'
import { AlexNetError } from '../../errors.js'
import type { RandomStream } from '../../random.js'
import type { Tensor } from '../../tensor.js'
import { croppedSide } from './cropped-side.js'
import { range, shares } from './ranges.js'
import { sampled } from './sampled.js'
import type { TransformKind } from './transform-kind.js'

const randomResizedCropSchema = z.strictObject({
  kind: z.literal('random-resized-crop'),
  size: z.int().positive(),
  scale: shares.default([0.08, 1]).describe("The least and the greatest area, as shares of the picture's."),
  ratio: range.default([3 / 4, 4 / 3]).describe('The least and the greatest aspect, width to height.'),
})

/** In a recipe. */
const randomResizedCropSettingsSchema = randomResizedCropSchema
  .extend({ size: croppedSide })
  .describe(
    "Cuts out a random rectangle, whose area is a share `scale` of the picture's and whose aspect (width to height) lies " +
      'within `ratio`, and resizes it to a square of `size` pixels. In a test: the square of `size` pixels in the middle.',
  )

export type RandomResizedCrop = z.infer<typeof randomResizedCropSchema>

/** Two numbers of the stream for each try, area and aspect, and two for the one that fits: row, column. */
export const randomResizedCropKind: TransformKind<
  typeof randomResizedCropSchema,
  typeof randomResizedCropSettingsSchema
> = {
  schema: randomResizedCropSchema,
  settingsSchema: randomResizedCropSettingsSchema,
  resolve: (settings, { side }) => ({ ...settings, size: settings.size ?? side }),
  train(transform, { geometry }, stream) {
    const { top, left, height, width } = drawBox(geometry.height, geometry.width, transform, stream)
    geometry.crop({ top, left }, height, width)
    geometry.resize(transform.size, transform.size)
  },
  test({ size }, { geometry }) {
    geometry.centreCrop(size)
  },
  sideAfter({ size }, side) {
    if (size > side)
      throw new AlexNetError(
        'invalid-setting',
        `random-resized-crop of size ${size} needs pictures at least as large in a test, got a shorter side of ${side}`,
        `Choose a size of at most ${side}, or resize the pictures to more.`,
      )
    return size
  },
}

/** A rectangle of a picture, in pixels. */
export interface Box {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/**
 * A random rectangle of a picture: the area is uniform, the aspect (width to height) uniform in its logarithm; what does not
 * fit into the picture is drawn again, ten times. Two numbers of the stream for each try, then row and column.
 *
 * @param least How many rows and columns of the picture must be left over.
 */
export function drawInside(
  height: number,
  width: number,
  { scale, ratio }: Pick<RandomResizedCrop, 'scale' | 'ratio'>,
  stream: RandomStream,
  least = 0,
): Box | undefined {
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = height * width * stream.between(scale[0], scale[1])
    const aspect = Math.exp(stream.between(Math.log(ratio[0]), Math.log(ratio[1])))
    const w = Math.round(Math.sqrt(area * aspect))
    const h = Math.round(Math.sqrt(area / aspect))
    if (w > 0 && w <= width - least && h > 0 && h <= height - least)
      return { top: stream.integer(height - h + 1), left: stream.integer(width - w + 1), height: h, width: w }
  }
  return undefined
}

/**
 * The rule of torchvision's `RandomResizedCrop.get_params`: where no rectangle fits, the middle is taken, as much of it as
 * `ratio` allows.
 */
export function drawBox(
  height: number,
  width: number,
  { scale, ratio }: Pick<RandomResizedCrop, 'scale' | 'ratio'>,
  stream: RandomStream,
): Box {
  const inside = drawInside(height, width, { scale, ratio }, stream)
  if (inside) return inside
  const aspect = Math.min(ratio[1], Math.max(ratio[0], width / height))
  const w = Math.max(1, Math.min(width, Math.round(height * aspect)))
  const h = Math.max(1, Math.min(height, Math.round(width / aspect)))
  return { top: Math.floor((height - h) / 2), left: Math.floor((width - w) / 2), height: h, width: w }
}

/**
 * A rectangle of the picture, resized to size × size with a triangle filter that sees nothing beyond it: torchvision's
 * `resized_crop`.
 *
 * @param picture (C, H, W).
 * @returns (C, size, size), a new tensor.
 */
export function resizedCrop(picture: Tensor<'float32'>, box: Box, size: number): Tensor<'float32'> {
  return sampled(picture, (geometry) => {
    geometry.crop(box, box.height, box.width)
    geometry.resize(size, size)
  })
}

/** A random rectangle of the picture, resized. @param picture (C, H, W). @returns (C, size, size), a new tensor. */
export function randomResizedCrop(
  picture: Tensor<'float32'>,
  settings: Pick<RandomResizedCrop, 'size' | 'scale' | 'ratio'>,
  stream: RandomStream,
): Tensor<'float32'> {
  return resizedCrop(picture, drawBox(picture.shape[1], picture.shape[2], settings, stream), settings.size)
}
