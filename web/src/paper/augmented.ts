import { type ChannelNormalisation, type Image, inputShape, preprocess, random, type Transform } from 'alexnet'
import type { Pixels } from '../ui/picture.tsx'
import { fromBytes } from '../ui/pixels.ts'

/** Gray is what training sees outside of a picture: the mean. */
const GRAY = 128
const aroundGray: ChannelNormalisation = { kind: 'channel', mean: [GRAY, GRAY, GRAY], deviation: [1, 1, 1] }

/**
 * A picture after a chain of transforms, as training would see it, by the library's own preprocessing.
 *
 * @param size The shorter side that it is resized to first.
 * @param use Which use of the picture: each draws other numbers. Undefined: without chance, as in a test.
 */
export function augmented(
  { data, shape }: Image,
  augmentation: readonly Transform[],
  size: number,
  use: number | undefined,
): Pixels {
  const preprocessing = { size, normalisation: aroundGray, augmentation }
  const [, height, width] = inputShape(preprocessing)
  const values = new Float32Array(3 * height * width)
  const stream = use === undefined ? undefined : random(1, 'augmentation', 0, use)
  preprocess(data, shape, preprocessing, stream, values, 0)
  const bytes = Uint8ClampedArray.from(values, (value) => value + GRAY)
  return fromBytes(bytes, height, width)
}
