import { filterPictures, type Tensor } from 'alexnet'
import type { Pixels } from './picture.tsx'

/** Bytes (3, H, W) as a picture. */
export function fromBytes(bytes: ArrayLike<number>, height: number, width: number): Pixels {
  const area = height * width
  const data = new Uint8ClampedArray(4 * area)
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = bytes[c * area + i]
    data[4 * i + 3] = 255
  }
  return { width, height, data }
}

/** A canvas's pixels as bytes (3, H, W). */
export function toBytes({ width, height, data }: Pick<ImageData, 'width' | 'height' | 'data'>): Uint8Array {
  const area = width * height
  const bytes = new Uint8Array(3 * area)
  for (let i = 0; i < area; i++) for (let c = 0; c < 3; c++) bytes[c * area + i] = data[4 * i + c]
  return bytes
}

/** The filters of a first layer, each as a picture; none where they do not see three colours. */
export function filterPixels(weight: Tensor | null): Pixels[] {
  const pictures = filterPictures(weight ?? undefined)
  if (!pictures) return []
  const [filters, , height, width] = pictures.shape
  const size = 3 * height * width
  return Array.from({ length: filters }, (_, f) =>
    fromBytes(pictures.data.subarray(f * size, (f + 1) * size), height, width),
  )
}

/**
 * One map (H, W) in gray. Without negative values: 0 black, the highest white. With them: 0 is the gray in the middle, and
 * the strongest value of either sign is black or white.
 */
export function mapPixels(values: Float32Array, from: number, height: number, width: number): Pixels {
  const area = height * width
  const own = values.subarray(from, from + area)
  const { low, high } = range(own)
  const strongest = Math.max(high, -low, 1e-12)
  const [zero, scale] = low < 0 ? [127.5, 127.5 / strongest] : [0, 255 / strongest]
  const data = new Uint8ClampedArray(4 * area)
  for (let i = 0; i < area; i++) {
    data.fill(zero + own[i] * scale, 4 * i, 4 * i + 3)
    data[4 * i + 3] = 255
  }
  return { width, height, data }
}

/** Loops instead of Math.min(...values): maps have tens of thousands of values. */
export function range(values: ArrayLike<number>): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i]
    if (values[i] > high) high = values[i]
  }
  return { low, high }
}
