import * as z from 'zod'
import { AlexNetError } from '../../errors.js'
import type { RandomStream } from '../../random.js'
import type { Tensor } from '../../tensor.js'
import { type Corner, crop } from './crop.js'
import { croppedSide } from './cropped-side.js'
import type { TransformKind } from './transform-kind.js'

const randomCropSchema = z.strictObject({
  kind: z.literal('random-crop'),
  size: z.int().positive(),
  padding: z.int().nonnegative(),
})

/** In a recipe. */
const randomCropSettingsSchema = z
  .strictObject({
    kind: z.literal('random-crop'),
    size: croppedSide,
    padding: z
      .int()
      .nonnegative()
      .default(0)
      .describe('Zeros (the mean, since pictures are normalised) on every side.'),
  })
  .describe(
    'Pads every side with `padding` zeros, then cuts out a random square of `size` pixels. In a test: the square in the ' +
      'middle.',
  )

export type RandomCrop = z.infer<typeof randomCropSchema>

/** Two numbers of the stream: row, column. */
export const randomCropKind: TransformKind<typeof randomCropSchema, typeof randomCropSettingsSchema> = {
  schema: randomCropSchema,
  settingsSchema: randomCropSettingsSchema,
  resolve: (settings, { side }) => ({ ...settings, size: settings.size ?? side }),
  train(transform, { geometry }, stream) {
    geometry.crop(drawCorner(geometry.height, geometry.width, transform, stream), transform.size)
  },
  test({ size }, { geometry }) {
    geometry.centreCrop(size)
  },
  sideAfter({ size, padding }, side) {
    const padded = side + 2 * padding
    if (size > padded)
      throw new AlexNetError(
        'invalid-setting',
        `random-crop of size ${size} does not fit a picture of side ${side} with padding ${padding}`,
        `Choose a size of at most ${padded}, or more padding.`,
      )
    return size
  },
}

/** A uniform place for the square within the padded picture: two numbers of `stream`, the row first. */
export function drawCorner(
  height: number,
  width: number,
  { size, padding }: Pick<RandomCrop, 'size' | 'padding'>,
  stream: RandomStream,
): Corner {
  const top = stream.integer(height + 2 * padding - size + 1) - padding
  const left = stream.integer(width + 2 * padding - size + 1) - padding
  return { top, left }
}

/**
 * A random square of `size` pixels of the picture padded with `padding` zeros on every side.
 *
 * @param picture (C, H, W), normalised, so that 0 is the mean.
 * @returns (C, size, size), a new tensor.
 */
export function randomCrop(
  picture: Tensor<'float32'>,
  settings: Pick<RandomCrop, 'size' | 'padding'>,
  stream: RandomStream,
): Tensor<'float32'> {
  return crop(picture, drawCorner(picture.shape[1], picture.shape[2], settings, stream), settings.size)
}
