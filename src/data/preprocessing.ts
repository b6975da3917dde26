import * as z from 'zod'
import { AlexNetError } from '../errors.js'
import type { RandomStream } from '../random.js'
import { checkWritten } from '../settings/check.js'
import { float32, formatShape, type Shape, type Tensor } from '../tensor.js'
import { checkNormalisation, type Normalisation } from './normalisation.js'
import { Geometry } from './transforms/geometry.js'
import { sameLevels } from './transforms/levels.js'
import { sample } from './transforms/sample.js'
import { sampleColoured } from './transforms/sample-coloured.js'
import type { Source } from './transforms/source.js'
import { applyTransforms, sideAfter, type Transform, transformSchema } from './transforms/transform.js'
import type { PictureUse } from './transforms/transform-kind.js'

/** How a picture of bytes becomes what the net gets: resize → augment → normalise, in one pass over the pixels. */
export interface Preprocessing {
  /**
   * What the shorter side of pictures is resized to, in pixels; the longer side keeps the aspect ratio and is rounded
   * down, as torchvision's Resize does. Pictures of that size stay as they are.
   */
  readonly size: number
  readonly normalisation: Normalisation
  /**
   * Drawn anew for every use in training; a test takes the counterparts without chance. What is left at the end is cut to
   * the square in the middle.
   */
  readonly augmentation: readonly Transform[]
  /** A test looks at each picture in all of these ways, instead of in one: see `withViews`. */
  readonly views?: readonly View[]
}

/** One way in which a test looks at a picture. */
export interface View {
  /** Where the crop lies in the room that there is: 0 the upper or left end, 1 the lower or right one. */
  readonly down: number
  readonly right: number
  readonly mirrored: boolean
}

/**
 * The shape of what the net gets: [3, height, width].
 * @throws AlexNetError `invalid-setting` for a crop that is larger than the padded picture.
 */
export function inputShape({ size, augmentation }: Preprocessing): [number, number, number] {
  const side = sideAfter(augmentation, size)
  return [3, side, side]
}

/** The shape of `count` prepared pictures; in a test with several views each is there as often: (N · views, 3, H, W). */
export function preparedShape(preprocessing: Preprocessing, count: number): number[] {
  return [count * (preprocessing.views?.length ?? 1), ...inputShape(preprocessing)]
}

/**
 * Checks once, before training, that pictures of `imageShape` can be prepared.
 * @throws AlexNetError `invalid-setting`
 */
export function checkPreprocessing(preprocessing: Preprocessing, imageShape: Shape): void {
  if (imageShape.length !== 3 || imageShape[0] !== 3)
    throw new AlexNetError('invalid-setting', `pictures must be 3×height×width, got ${formatShape(imageShape)}`)
  if (!Number.isInteger(preprocessing.size) || preprocessing.size < 1)
    throw new AlexNetError('invalid-setting', `the size must be a whole number above 0, got ${preprocessing.size}`)
  checkNormalisation(preprocessing.normalisation, [3, preprocessing.size, preprocessing.size])
  inputShape(preprocessing)
}

/**
 * Prepares one picture and writes it into a batch.
 *
 * Resizing and all geometric transforms are one map, so pixels are interpolated once. Where the result shows nothing of
 * the picture it is 0, the mean. A mean picture belongs to squares: with one, pictures are resized and cut to the square
 * in the middle before anything else, as in the paper.
 *
 * @param bytes The picture, (C, H, W), 0–255.
 * @param shape Its shape.
 * @param stream Draws the augmentation of training. Without it: the test's counterpart (centre crop, no mirror).
 * @param target The batch; `preparedShape(preprocessing, 1)` values are written from `offset` on, all of them.
 * @throws AlexNetError `invalid-shape` when `bytes` is not a picture of `shape`.
 */
export function preprocess(
  bytes: Uint8Array,
  shape: Shape,
  preprocessing: Preprocessing,
  stream: RandomStream | undefined,
  target: Float32Array,
  offset: number,
): void {
  const { views, augmentation } = preprocessing
  if (stream || !views) {
    prepare(bytes, shape, preprocessing, (use) => applyTransforms(augmentation, use, stream), target, offset)
    return
  }
  const [channels, side] = inputShape(preprocessing)
  views.forEach((view, n) => {
    const look = (use: PictureUse) => lookAt(use, view, preprocessing, side)
    prepare(bytes, shape, preprocessing, look, target, offset + n * channels * side * side)
  })
}

/** A crop of the square in the middle of the picture, as in the paper; the one in the middle is that of a test without views. */
function lookAt(use: PictureUse, { down, right, mirrored }: View, { augmentation, size }: Preprocessing, side: number) {
  const { geometry } = use
  if (down === 0.5 && right === 0.5) {
    applyTransforms(augmentation, use, undefined)
    geometry.centreCrop(side)
  } else {
    geometry.centreCrop(size)
    geometry.crop({ top: Math.floor(down * (size - side)), left: Math.floor(right * (size - side)) }, side)
  }
  if (mirrored) geometry.mirror()
}

/** As `preprocess`, with `transform` in the place of the chain. */
function prepare(
  bytes: Uint8Array,
  shape: Shape,
  preprocessing: Preprocessing,
  transform: (use: PictureUse) => void,
  target: Float32Array,
  offset: number,
): void {
  const [channels, height, width] = shape
  if (bytes.length !== channels * height * width)
    throw new AlexNetError(
      'invalid-shape',
      `a picture of ${formatShape(shape)} holds ${channels * height * width} bytes, got ${bytes.length}`,
    )
  const { size, normalisation } = preprocessing
  const source = sourceOf({ data: bytes, channels, height, width }, size, normalisation)
  const geometry = new Geometry(source.height, source.width)
  const use: PictureUse = { geometry, colours: [], shift: [0, 0, 0], passes: [] }
  geometry.resizeShorter(size)
  transform(use)
  const [, side] = inputShape(preprocessing)
  geometry.centreCrop(side)

  const { mean, scale } = levelsOf(normalisation, channels)
  // The noise is added to the picture: what is subtracted is less by it.
  const shifted = mean.map((value, c) => value - use.shift[c])
  const outside = scale.map((factor, c) => use.shift[c] * factor)
  const levels = { mean: shifted, scale, outside }
  if (use.colours.length > 0) sampleColoured(source, geometry, levels, use.colours, target, offset)
  else sample(source, geometry, levels, target, offset)
  for (const pass of use.passes) pass({ data: target, offset, channels, height: side, width: side, scale })
}

/** Multiplying is several times faster than dividing. */
function levelsOf(normalisation: Normalisation, channels: number): { mean: readonly number[]; scale: number[] } {
  if (normalisation.kind === 'channel')
    return { mean: normalisation.mean, scale: normalisation.deviation.map((deviation) => 1 / deviation) }
  return {
    mean: new Array<number>(channels).fill(0),
    scale: new Array<number>(channels).fill(1 / normalisation.deviation),
  }
}

/** The picture itself, or with a mean picture the square that it is subtracted from. */
function sourceOf(picture: Source, size: number, normalisation: Normalisation): Source {
  if (normalisation.kind === 'channel') return picture
  const { mean } = normalisation
  const { channels, height, width } = picture
  if (height === size && width === size) return { ...picture, mean }
  const geometry = new Geometry(height, width)
  geometry.resizeShorter(size)
  geometry.centreCrop(size)
  if (square.length < channels * size * size) square = new Float32Array(channels * size * size)
  sample(picture, geometry, sameLevels(channels), square, 0)
  return { data: square, mean, channels, height: size, width: size }
}

/** Memory for the square, kept between pictures: nothing of it is read before it is written. */
let square = new Float32Array(0)

const normalisationSettingsSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('channel'),
    mean: z.array(z.number()),
    deviation: z.array(z.number().positive()),
  }),
  z.strictObject({ kind: z.literal('pixel'), deviation: z.number().positive() }),
])

const preprocessingSettingsSchema = z.strictObject({
  size: z.int().positive(),
  normalisation: normalisationSettingsSchema,
  augmentation: z.array(transformSchema),
})

/** A preprocessing as plain JSON, for a checkpoint. A mean picture is not in it: it is carried beside it, as a tensor. */
export type PreprocessingSettings = z.infer<typeof preprocessingSettingsSchema>

/** Takes a preprocessing apart into what goes into JSON and what goes among the tensors. */
export function packPreprocessing({ size, normalisation, augmentation }: Preprocessing): {
  settings: PreprocessingSettings
  /** (3, size, size); only of a normalisation by pixel. */
  meanPicture?: Tensor<'float32'>
} {
  const rest = { size, augmentation: [...augmentation] }
  if (normalisation.kind === 'pixel') {
    const { kind, deviation, mean, shape } = normalisation
    return { settings: { ...rest, normalisation: { kind, deviation } }, meanPicture: float32(shape, mean) }
  }
  const { kind, mean, deviation } = normalisation
  return { settings: { ...rest, normalisation: { kind, mean: [...mean], deviation: [...deviation] } } }
}

/**
 * Puts a preprocessing together again.
 *
 * @param settings What `packPreprocessing` gave, after a way through JSON.
 * @param meanPicture (3, size, size); needed for a normalisation by pixel.
 * @throws AlexNetError `corrupt-data` when the settings are not a preprocessing or the mean picture is missing.
 */
export function unpackPreprocessing(settings: unknown, meanPicture?: Tensor<'float32'>): Preprocessing {
  const { size, augmentation, normalisation } = checkWritten(
    preprocessingSettingsSchema,
    settings,
    'this is not a preprocessing',
  )
  let restored: Normalisation
  if (normalisation.kind === 'channel') restored = normalisation
  else if (meanPicture) restored = { ...normalisation, mean: meanPicture.data, shape: meanPicture.shape }
  else throw new AlexNetError('corrupt-data', 'the preprocessing subtracts a mean picture, but there is none')
  const preprocessing: Preprocessing = { size, normalisation: restored, augmentation }
  checkPreprocessing(preprocessing, [3, size, size])
  return preprocessing
}
