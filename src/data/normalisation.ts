import { AlexNetError } from '../errors.js'
import { float32, formatShape, type Shape, sameShape, sizeOf } from '../tensor.js'
import type { Dataset } from './dataset.js'
import { resize } from './transforms/resize.js'

/** What is taken from every pixel x, on the scale 0–255: y = (x − mean) / deviation. */
export type Normalisation = ChannelNormalisation | PixelNormalisation

/** One mean and deviation for each channel, as torchvision does. */
export interface ChannelNormalisation {
  readonly kind: 'channel'
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** The mean picture is taken from every picture, as the paper and cuda-convnet do. */
export interface PixelNormalisation {
  readonly kind: 'pixel'
  /** The mean picture, (C, H, W). */
  readonly mean: Float32Array
  readonly shape: Shape
  /** One for all: 1 leaves the scale as it is. */
  readonly deviation: number
}

/**
 * Measures the normalisation on a data set: give it the training part, since nothing may be learned from the others.
 *
 * `channel`: mean and deviation (over N, not N − 1) of each channel, of the pictures as they are stored: resizing hardly
 * changes them. `pixel`: the mean picture, of the size that pictures are resized to; the deviation is 1.
 *
 * @param size The side that pictures are resized to; without it they are not.
 * @throws AlexNetError `corrupt-data` for a data set without pictures.
 * @example measureNormalisation(cifar10.train, 'channel') // {kind: 'channel', mean: [125.3, 122.95, 113.87], …}
 */
export function measureNormalisation(dataset: Dataset, kind: 'channel', size?: number): ChannelNormalisation
export function measureNormalisation(dataset: Dataset, kind: 'pixel', size?: number): PixelNormalisation
export function measureNormalisation(dataset: Dataset, kind: Normalisation['kind'], size?: number): Normalisation
export function measureNormalisation(dataset: Dataset, kind: Normalisation['kind'], size?: number): Normalisation {
  const pixels = sizeOf(dataset.imageShape)
  const count = dataset.images.length / pixels
  if (count === 0)
    throw new AlexNetError('corrupt-data', `${dataset.name} has no pictures to measure the normalisation on`)
  return kind === 'channel' ? measureChannels(dataset, count) : measurePixels(dataset, count, size)
}

function measureChannels({ images, imageShape }: Dataset, count: number): ChannelNormalisation {
  const [channels, height, width] = imageShape
  const area = height * width
  const mean: number[] = []
  const deviation: number[] = []
  for (let c = 0; c < channels; c++) {
    // Sums of bytes and of their squares are whole numbers below 2⁵³: exact.
    let sum = 0
    let squares = 0
    for (let n = 0; n < count; n++) {
      const first = (n * channels + c) * area
      for (let i = first; i < first + area; i++) {
        sum += images[i]
        squares += images[i] * images[i]
      }
    }
    const average = sum / (count * area)
    mean.push(average)
    // A channel that is one colour everywhere has nothing to scale.
    deviation.push(Math.sqrt(Math.max(0, squares / (count * area) - average * average)) || 1)
  }
  return { kind: 'channel', mean, deviation }
}

function measurePixels({ images, imageShape }: Dataset, count: number, size?: number): PixelNormalisation {
  const [, height, width] = imageShape
  const sums = new Float64Array(sizeOf(imageShape))
  for (let n = 0; n < count; n++) {
    const first = n * sums.length
    for (let i = 0; i < sums.length; i++) sums[i] += images[first + i]
  }
  const mean = Float32Array.from(sums, (sum) => sum / count)
  if (size === undefined || (size === height && size === width))
    return { kind: 'pixel', mean, shape: imageShape, deviation: 1 }
  // Resizing is linear: the mean of the resized pictures is the resized mean.
  const resized = resize(float32(imageShape, mean), size)
  return { kind: 'pixel', mean: resized.data, shape: resized.shape, deviation: 1 }
}

/** @throws AlexNetError `invalid-setting` unless the normalisation fits pictures of `shape`, (C, H, W). */
export function checkNormalisation(normalisation: Normalisation, shape: Shape): void {
  if (normalisation.kind === 'channel') {
    const { mean, deviation } = normalisation
    if (mean.length !== shape[0] || deviation.length !== shape[0])
      throw new AlexNetError(
        'invalid-setting',
        `the normalisation needs a mean and a deviation for each of ${shape[0]} channels, got ${mean.length} and ${deviation.length}`,
      )
  } else if (!sameShape(normalisation.shape, shape) || normalisation.mean.length !== sizeOf(shape))
    throw new AlexNetError(
      'invalid-setting',
      `the mean picture must be ${formatShape(shape)} as the pictures are, got ${formatShape(normalisation.shape)} with ${normalisation.mean.length} values`,
    )
  const deviations = normalisation.kind === 'channel' ? normalisation.deviation : [normalisation.deviation]
  for (const deviation of deviations)
    if (!(deviation > 0))
      throw new AlexNetError('invalid-setting', `the normalisation's deviation must be above 0, got ${deviation}`)
}
