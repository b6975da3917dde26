import type { OcclusionMap } from 'alexnet/web'

/**
 * What the answer loses by each pixel: the mean over all squares that covered it.
 *
 * @param side Of the picture, in pixels.
 * @returns (side, side)
 */
export function lossOfPixels(
  { rows, columns, probability, whole }: OcclusionMap,
  patch: number,
  stride: number,
  side: number,
): Float32Array {
  const sums = new Float32Array(side * side)
  const counts = new Uint32Array(side * side)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const loss = whole - probability[row * columns + column]
      for (let y = row * stride; y < Math.min(row * stride + patch, side); y++)
        for (let x = column * stride; x < Math.min(column * stride + patch, side); x++) {
          sums[y * side + x] += loss
          counts[y * side + x]++
        }
    }
  return sums.map((sum, i) => (counts[i] > 0 ? sum / counts[i] : 0))
}
