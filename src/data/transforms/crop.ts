import { float32, type Tensor } from '../../tensor.js'

/** The corner of a square cut out of a picture, in the picture's pixels; negative when it begins in the padding. */
export interface Corner {
  readonly top: number
  readonly left: number
}

/**
 * Cuts out the square of `size` pixels whose upper left corner is (top, left). What lies outside the picture is 0,
 * which is the mean of a normalised picture.
 *
 * @param picture (C, H, W).
 * @returns (C, size, size), a new tensor.
 */
export function crop(picture: Tensor<'float32'>, { top, left }: Corner, size: number): Tensor<'float32'> {
  const [channels, height, width] = picture.shape
  const cropped = new Float32Array(channels * size * size)
  for (let c = 0; c < channels; c++)
    for (let y = Math.max(0, -top); y < Math.min(size, height - top); y++)
      for (let x = Math.max(0, -left); x < Math.min(size, width - left); x++)
        cropped[(c * size + y) * size + x] = picture.data[(c * height + top + y) * width + left + x]
  return float32([channels, size, size], cropped)
}
