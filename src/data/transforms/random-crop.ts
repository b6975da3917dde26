import type { RandomStream } from '../../random.js'
import type { Tensor } from '../../tensor.js'
import { type Corner, crop } from './crop.js'
import type { RandomCrop } from './transform.js'

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
