import type { Image } from './image.js'
import { centreCorner } from './transforms/centre-crop.js'

/**
 * A picture of any size as a net was trained on: the largest square in the middle, resized to `side` pixels. Reduced with
 * the Lanczos filter, which averages where a photograph is many times larger; enlarged with the bicubic one: as Pillow
 * does. sharp, and so `fitImage` in Node, reduces alike; what it enlarges lies half a pixel further to the lower right.
 *
 * @returns (3, side, side).
 */
export function fitSquare(image: Image, side: number): Image {
  const [, height, width] = image.shape
  if (height === side && width === side) return image
  const square = Math.min(height, width)
  const { top, left } = centreCorner(height, width, square)
  const taps = tapsOf(square, side)
  const data = new Uint8Array(3 * side * side)
  // First across, (square, side), then down.
  const rows = new Float32Array(square * side)
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < square; y++) {
      const start = (c * height + top + y) * width + left
      for (let x = 0; x < side; x++) {
        const { first, weights } = taps[x]
        let sum = 0
        for (let k = 0; k < weights.length; k++) sum += weights[k] * image.data[start + first + k]
        rows[y * side + x] = sum
      }
    }
    for (let y = 0; y < side; y++) {
      const { first, weights } = taps[y]
      for (let x = 0; x < side; x++) {
        let sum = 0
        for (let k = 0; k < weights.length; k++) sum += weights[k] * rows[(first + k) * side + x]
        data[(c * side + y) * side + x] = Math.max(0, Math.min(255, Math.round(sum)))
      }
    }
  }
  return { shape: [3, side, side], data }
}

interface Taps {
  readonly first: number
  /** Their sum is 1. */
  readonly weights: Float64Array
}

/** The source pixels of each target pixel along one axis, and their weights; those beyond the border are left out. */
function tapsOf(length: number, side: number): readonly Taps[] {
  const scale = length / side
  const [filter, reach] = scale > 1 ? ([lanczos, 3 * scale] as const) : ([cubic, 2] as const)
  const stretch = Math.max(1, scale)
  return Array.from({ length: side }, (_, i) => {
    const centre = (i + 0.5) * scale - 0.5
    const first = Math.max(0, Math.ceil(centre - reach))
    const last = Math.min(length - 1, Math.floor(centre + reach))
    const weights = Float64Array.from({ length: last - first + 1 }, (_, k) => filter((first + k - centre) / stretch))
    const sum = weights.reduce((a, b) => a + b, 0)
    return { first, weights: weights.map((weight) => weight / sum) }
  })
}

/** sinc(x) · sinc(x/3) within ±3, with sinc(x) = sin(πx)/(πx). */
function lanczos(x: number): number {
  if (x === 0) return 1
  if (Math.abs(x) >= 3) return 0
  const p = Math.PI * x
  return (3 * Math.sin(p) * Math.sin(p / 3)) / (p * p)
}

/** Catmull and Rom's cubic, within ±2. */
function cubic(x: number): number {
  const d = Math.abs(x)
  if (d < 1) return 1 + d * d * (1.5 * d - 2.5)
  return d < 2 ? 2 + d * (-4 + d * (2.5 - 0.5 * d)) : 0
}
