import * as z from 'zod'
import { AlexNetError } from '../errors.js'
import type { RandomStream } from '../random.js'
import { float32, formatShape, type Shape, type Tensor } from '../tensor.js'
import { checkNormalisation, type Normalisation } from './normalisation.js'
import { type Placement, place } from './transforms/placement.js'
import { resizeInto } from './transforms/resize.js'
import { type Transform, transformSchema } from './transforms/transform.js'

/** How a picture of bytes becomes what the net gets: resize → normalise → augment. */
export interface Preprocessing {
  /** The side of the square that pictures are resized to, in pixels; the data set's own side leaves them as they are. */
  readonly size: number
  readonly normalisation: Normalisation
  /** Drawn anew for every use in training; a test takes the counterpart without chance. */
  readonly augmentation: readonly Transform[]
}

/**
 * The shape of what the net gets: [3, height, width].
 * @throws AlexNetError `invalid-setting` for a crop that is larger than the padded picture.
 */
export function inputShape(preprocessing: Preprocessing): [number, number, number] {
  let side = preprocessing.size
  for (const transform of preprocessing.augmentation) {
    if (transform.kind !== 'random-crop') continue
    const padded = side + 2 * transform.padding
    if (transform.size > padded)
      throw new AlexNetError(
        'invalid-setting',
        `random-crop of size ${transform.size} does not fit a picture of side ${side} with padding ${transform.padding}`,
        `Choose a size of at most ${padded}, or more padding.`,
      )
    side = transform.size
  }
  return [3, side, side]
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
 * @param bytes The picture, (C, H, W), 0–255.
 * @param shape Its shape.
 * @param stream Draws the augmentation of training. Without it: the test's counterpart (centre crop, no mirror).
 * @param target The batch; `inputShape(preprocessing)` values are written from `offset` on, all of them.
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
  const [channels, height, width] = shape
  if (bytes.length !== channels * height * width)
    throw new AlexNetError(
      'invalid-shape',
      `a picture of ${formatShape(shape)} holds ${channels * height * width} bytes, got ${bytes.length}`,
    )
  const { size, normalisation, augmentation } = preprocessing
  let source: Uint8Array | Float32Array = bytes
  if (height !== size || width !== size) {
    source = scratchOf(channels * size * size)
    resizeInto(source, bytes, channels, height, width, size)
  }
  copyNormalised(source, size, place(size, size, augmentation, stream), normalisation, channels, target, offset)
}

/** Normalises, crops and mirrors in one pass, without a picture in between: this runs for every picture of every step. */
function copyNormalised(
  source: Uint8Array | Float32Array,
  side: number,
  placement: Placement,
  normalisation: Normalisation,
  channels: number,
  target: Float32Array,
  offset: number,
): void {
  const { height, width, top, left, step, firstRow, endRow, firstColumn, endColumn } = placement
  // The target may hold an earlier batch: what comes from outside the picture must be set to 0.
  if (firstRow > 0 || endRow < height || firstColumn > 0 || endColumn < width)
    target.fill(0, offset, offset + channels * height * width)
  for (let c = 0; c < channels; c++) {
    // Multiplying is several times faster than dividing.
    const scale = 1 / (normalisation.kind === 'channel' ? normalisation.deviation[c] : normalisation.deviation)
    for (let y = firstRow; y < endRow; y++) {
      let from = (c * side + top + y) * side + left + step * firstColumn
      const row = offset + (c * height + y) * width
      const end = row + endColumn
      if (normalisation.kind === 'channel') {
        const mean = normalisation.mean[c]
        for (let to = row + firstColumn; to < end; to++, from += step) target[to] = (source[from] - mean) * scale
      } else {
        const mean = normalisation.mean
        for (let to = row + firstColumn; to < end; to++, from += step) target[to] = (source[from] - mean[from]) * scale
      }
    }
  }
}

/** Memory for the resized picture, kept between pictures: nothing of it is read before it is written. */
let scratch = new Float32Array(0)

function scratchOf(length: number): Float32Array {
  if (scratch.length < length) scratch = new Float32Array(length)
  return scratch
}

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
  const parsed = preprocessingSettingsSchema.safeParse(settings)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue.path.length === 0 ? 'it' : issue.path.join('.')
    throw new AlexNetError('corrupt-data', `this is not a preprocessing: ${place}: ${issue.message}`)
  }
  const { size, augmentation, normalisation } = parsed.data
  let restored: Normalisation
  if (normalisation.kind === 'channel') restored = normalisation
  else if (meanPicture) restored = { ...normalisation, mean: meanPicture.data, shape: meanPicture.shape }
  else throw new AlexNetError('corrupt-data', 'the preprocessing subtracts a mean picture, but there is none')
  const preprocessing: Preprocessing = { size, normalisation: restored, augmentation }
  checkPreprocessing(preprocessing, [3, size, size])
  return preprocessing
}
