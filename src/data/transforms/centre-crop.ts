import type { Tensor } from '../../tensor.js'
import { type Corner, crop } from './crop.js'

/** The corner of the square in the middle; half a pixel is rounded towards the upper left. */
export function centreCorner(height: number, width: number, size: number): Corner {
  return { top: Math.floor((height - size) / 2), left: Math.floor((width - size) / 2) }
}

/**
 * The square of `size` pixels in the middle of a picture: what a random crop becomes in a test. A square larger than
 * the picture is filled up with zeros.
 *
 * @param picture (C, H, W).
 * @returns (C, size, size), a new tensor.
 */
export function centreCrop(picture: Tensor<'float32'>, size: number): Tensor<'float32'> {
  return crop(picture, centreCorner(picture.shape[1], picture.shape[2], size), size)
}
