import { float32, type Tensor } from '../tensor.js'

/** The side of the maps that torchvision's AlexNet brings those of any picture to, before its head. */
export const POOLED = 6

/**
 * Puts torchvision's mean pool to 6×6 (`AdaptiveAvgPool2d`) into the weights of the layer behind it: the mean of some
 * values times a weight is each of them times a part of it. For pictures of 224 pixels the pool does nothing.
 *
 * @param weight (outputs, channels · 6 · 6)
 * @param side The side of the maps before the pool.
 * @returns (outputs, channels · side · side), which computes the same of those maps.
 */
export function unpooledWeight({ shape, data }: Tensor, side: number): Tensor<'float32'> {
  const [outputs, inputs] = shape
  const planes = outputs * (inputs / POOLED ** 2)
  const result = new Float32Array(planes * side * side)
  const windows = Array.from({ length: POOLED }, (_, i) => ({
    from: Math.floor((i * side) / POOLED),
    to: Math.ceil(((i + 1) * side) / POOLED),
  }))
  for (let plane = 0; plane < planes; plane++)
    for (const [i, rows] of windows.entries())
      for (const [j, columns] of windows.entries()) {
        const area = (rows.to - rows.from) * (columns.to - columns.from)
        const share = data[(plane * POOLED + i) * POOLED + j] / area
        for (let y = rows.from; y < rows.to; y++)
          for (let x = columns.from; x < columns.to; x++) result[(plane * side + y) * side + x] += share
      }
  return float32([outputs, (inputs / POOLED ** 2) * side * side], result)
}
