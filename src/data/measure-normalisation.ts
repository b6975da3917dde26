import { AlexNetError } from '../errors.js'
import type { Image } from './image.js'
import type { ChannelNormalisation, Normalisation, PixelNormalisation } from './normalisation.js'
import { preprocess } from './preprocessing.js'

/** Pictures one after the other. */
export type ImageStream = Iterable<Image> | AsyncIterable<Image>

/**
 * Measures the normalisation on pictures: give it the training part, since nothing may be learned from the others.
 *
 * `channel`: mean and deviation (over N, not N − 1) of each channel, of the pictures as they are stored: resizing hardly
 * changes them. `pixel`: the mean of the pictures as they are seen in a test, resized to `size`; the deviation is 1.
 *
 * @param size The shorter side that pictures are resized to.
 * @throws AlexNetError `corrupt-data` when there are no pictures.
 * @example await measureNormalisation(imagesOf(cifar10.train), 'channel', 32) // {kind: 'channel', mean: [125.3, …], …}
 */
export async function measureNormalisation(
  pictures: ImageStream,
  kind: Normalisation['kind'],
  size: number,
): Promise<Normalisation> {
  return kind === 'channel' ? measureChannels(pictures) : measurePixels(pictures, size)
}

async function measureChannels(pictures: ImageStream): Promise<ChannelNormalisation> {
  // Sums of bytes and of their squares are whole numbers, far below 2⁵³ for any set of pictures: exact.
  const sums = [0, 0, 0]
  const squares = [0, 0, 0]
  let pixels = 0
  for await (const { data, shape } of pictures) {
    const area = shape[1] * shape[2]
    pixels += area
    for (let c = 0; c < 3; c++) {
      let sum = 0
      let square = 0
      for (let i = c * area; i < (c + 1) * area; i++) {
        sum += data[i]
        square += data[i] * data[i]
      }
      sums[c] += sum
      squares[c] += square
    }
  }
  if (pixels === 0) throw noPictures()
  const mean = sums.map((sum) => sum / pixels)
  // A channel that is one colour everywhere has nothing to scale.
  const deviation = squares.map((square, c) => Math.sqrt(Math.max(0, square / pixels - mean[c] * mean[c])) || 1)
  return { kind: 'channel', mean, deviation }
}

const asTheyAre: ChannelNormalisation = { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] }

async function measurePixels(pictures: ImageStream, size: number): Promise<PixelNormalisation> {
  const shape = [3, size, size]
  const sums = new Float64Array(3 * size * size)
  const seen = new Float32Array(sums.length)
  let count = 0
  for await (const picture of pictures) {
    add(seenAs(size, picture, seen), sums)
    count++
  }
  if (count === 0) throw noPictures()
  return { kind: 'pixel', mean: Float32Array.from(sums, (sum) => sum / count), shape, deviation: 1 }
}

/** A picture as it is seen in a test: one that has the size already is that. */
function seenAs(size: number, { data, shape }: Image, resized: Float32Array): ArrayLike<number> {
  if (shape[1] === size && shape[2] === size) return data
  preprocess(data, shape, { size, normalisation: asTheyAre, augmentation: [] }, undefined, resized, 0)
  return resized
}

function add(values: ArrayLike<number>, sums: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] += values[i]
}

function noPictures(): AlexNetError {
  return new AlexNetError('corrupt-data', 'there are no pictures to measure the normalisation on')
}
