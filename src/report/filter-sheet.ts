import type { Image } from '../data/image.js'
import type { Tensor } from '../tensor.js'

/** Filters in a row, as in the paper's figure. */
const COLUMNS = 16
/** Pixels between two, at most. */
const GAP = 4

/**
 * The filters of a first layer side by side, as in the paper's figure 3: each on its own scale, 0 a middle gray and its
 * largest weight the lightest or the darkest, so that weak filters show too.
 *
 * @param weight (F, 3, K, K)
 * @param pixels Side of the square that one weight becomes.
 */
export function filterSheet({ data, shape }: Tensor<'float32'>, pixels: number): Image {
  const [filters, , kernelHeight, kernelWidth] = shape
  const columns = Math.min(COLUMNS, filters)
  const gap = Math.min(GAP, pixels)
  const [cellHeight, cellWidth] = [kernelHeight * pixels + gap, kernelWidth * pixels + gap]
  const height = Math.ceil(filters / columns) * cellHeight + gap
  const width = columns * cellWidth + gap
  const sheet = new Uint8Array(3 * height * width).fill(255)
  const size = 3 * kernelHeight * kernelWidth
  for (let f = 0; f < filters; f++) {
    const own = data.subarray(f * size, (f + 1) * size)
    const largest = own.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
    const top = gap + Math.floor(f / columns) * cellHeight
    const left = gap + (f % columns) * cellWidth
    for (let c = 0; c < 3; c++)
      for (let y = 0; y < kernelHeight * pixels; y++)
        for (let x = 0; x < kernelWidth * pixels; x++) {
          const weight = own[(c * kernelHeight + Math.floor(y / pixels)) * kernelWidth + Math.floor(x / pixels)]
          const value = largest > 0 ? 127.5 + (127.5 * weight) / largest : 127.5
          sheet[(c * height + top + y) * width + left + x] = Math.round(value)
        }
  }
  return { shape: [3, height, width], data: sheet }
}
