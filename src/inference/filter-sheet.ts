import type { Image } from '../data/image.js'
import type { Shape, Tensor } from '../tensor.js'

/** Filters in a row, as in the paper's figure. */
const COLUMNS = 16
/** Pixels between two, at most. */
const GAP = 4
/** About as wide is a sheet. */
const WIDTH = 720
/** Squares are not larger than this. */
const MOST_PIXELS = 24

/**
 * The filters of a first layer side by side on white, as in the paper's figure 3.
 *
 * @param pictures (F, 3, K, K), of `filterPictures`.
 * @param pixels Side of the square that one weight becomes; default: as large as the sheet has room for.
 */
export function filterSheet({ data, shape }: Tensor<'uint8'>, pixels = pixelsFor(shape)): Image {
  const [filters, , kernelHeight, kernelWidth] = shape
  const columns = Math.min(COLUMNS, filters)
  const gap = Math.min(GAP, pixels)
  const [cellHeight, cellWidth] = [kernelHeight * pixels + gap, kernelWidth * pixels + gap]
  const height = Math.ceil(filters / columns) * cellHeight + gap
  const width = columns * cellWidth + gap
  const sheet = new Uint8Array(3 * height * width).fill(255)
  for (let f = 0; f < filters; f++) {
    const top = gap + Math.floor(f / columns) * cellHeight
    const left = gap + (f % columns) * cellWidth
    for (let c = 0; c < 3; c++)
      for (let y = 0; y < kernelHeight * pixels; y++) {
        const row = ((f * 3 + c) * kernelHeight + Math.floor(y / pixels)) * kernelWidth
        for (let x = 0; x < kernelWidth * pixels; x++)
          sheet[(c * height + top + y) * width + left + x] = data[row + Math.floor(x / pixels)]
      }
  }
  return { shape: [3, height, width], data: sheet }
}

function pixelsFor([filters, , , kernelWidth]: Shape): number {
  return Math.max(1, Math.min(MOST_PIXELS, Math.floor(WIDTH / (Math.min(COLUMNS, filters) * kernelWidth))))
}
