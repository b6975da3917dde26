import type { Planes } from './transform-kind.js'

/**
 * Pillow's `ImageEnhance` and the functions of torchvision that are named after it, on the scale 0–255 and without their
 * rounding: each blends the picture with a poorer one, poorer + factor · (picture − poorer), and cuts off at 0 and 255.
 * Factor 1 leaves everything as it is.
 */

/** Blends with black. */
export function adjustBrightness(picture: Planes, factor: number): void {
  blend(picture, 0, factor)
}

/** Blends with the mean of the grays. */
export function adjustContrast(picture: Planes, factor: number): void {
  const { data, offset, height, width } = picture
  const area = height * width
  let sum = 0
  for (let i = offset; i < offset + area; i++) sum += grayAt(data, i, area)
  blend(picture, sum / area, factor)
}

/** Blends with the grays: 0 leaves no colour. */
export function adjustSaturation(picture: Planes, factor: number): void {
  const { data, offset, height, width } = picture
  const area = height * width
  for (let i = offset; i < offset + area; i++) {
    const rest = (1 - factor) * grayAt(data, i, area)
    data[i] = cut(rest + factor * data[i])
    data[i + area] = cut(rest + factor * data[i + area])
    data[i + 2 * area] = cut(rest + factor * data[i + 2 * area])
  }
}

/** Blends with the mean of each pixel (five times) and its eight neighbours. The outermost pixels have too few, and stay. */
export function adjustSharpness({ data, offset, height, width }: Planes, factor: number): void {
  const area = height * width
  if (plane.length < area) plane = new Float32Array(area)
  const own = plane
  for (let c = 0, start = offset; c < 3; c++, start += area) {
    own.set(data.subarray(start, start + area))
    for (let y = 1; y < height - 1; y++) {
      const row = y * width
      let before = column(own, row, width)
      let here = column(own, row + 1, width)
      for (let i = row + 1; i < row + width - 1; i++) {
        const after = column(own, i + 1, width)
        const smooth = (before + here + after + 4 * own[i]) / 13
        data[start + i] = cut(smooth + factor * (own[i] - smooth))
        before = here
        here = after
      }
    }
  }
}

/** Memory that is kept between pictures: nothing of it is read before it is written. */
let plane = new Float32Array(0)

/** Three pixels, one above the other. */
function column(values: Float32Array, middle: number, width: number): number {
  return values[middle - width] + values[middle] + values[middle + width]
}

/** The brightness of a pixel by ITU-R 601-2, as in Pillow's `convert('L')`. */
function grayAt(data: Float32Array, i: number, area: number): number {
  return 0.299 * data[i] + 0.587 * data[i + area] + 0.114 * data[i + 2 * area]
}

function blend({ data, offset, height, width }: Planes, poorer: number, factor: number): void {
  const rest = (1 - factor) * poorer
  const end = offset + 3 * height * width
  for (let i = offset; i < end; i++) data[i] = cut(rest + factor * data[i])
}

function cut(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value
}
