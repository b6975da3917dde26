import { AlexNetError } from '../errors.js'
import { formatShape, type Shape, sameShape, sizeOf } from '../tensor.js'

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
