import type { Geometry } from './geometry.js'
import type { Levels } from './levels.js'
import type { Source } from './sample.js'
import { type Taps, TriangleFilter } from './triangle-filter.js'
import type { VisibleColumns } from './visible-columns.js'

/** Memory that is kept between pictures: nothing of it is read before it is written. */
const rows = new TriangleFilter()
const columns = new TriangleFilter()
let blended = new Float64Array(0)

/** Resamples rows, then columns, for a geometry that keeps rows and columns: see `TriangleFilter`. */
export function resample(
  { data, channels, height: sourceHeight, width: sourceWidth }: Source,
  { height, width, xx, yy, x0, y0, left, right, top, bottom }: Geometry,
  { first, end }: VisibleColumns,
  { mean, scale }: Levels,
  target: Float32Array,
  offset: number,
): void {
  let firstRow = 0
  let endRow = height
  while (firstRow < endRow && first[firstRow] === end[firstRow]) firstRow++
  while (firstRow < endRow && first[endRow - 1] === end[endRow - 1]) endRow--
  if (firstRow === endRow) return
  // Rows and columns stay what they are, so all visible rows show the same columns.
  const from = first[firstRow]
  const to = end[firstRow]
  rows.fill(yy, y0, firstRow, endRow, top, bottom)
  columns.fill(xx, x0, from, to, left, right)
  if (blended.length < sourceWidth) blended = new Float64Array(sourceWidth)
  const low = Math.min(columns.start[from], columns.start[to - 1])
  const high = Math.max(columns.start[from], columns.start[to - 1]) + columns.count
  for (let c = 0; c < channels; c++)
    for (let y = firstRow; y < endRow; y++) {
      const start = (c * sourceHeight + rows.start[y]) * sourceWidth
      blendRows(blended, data, start, sourceWidth, rows, y * rows.count, low, high)
      blendColumns(target, offset + (c * height + y) * width, blended, columns, from, to, mean[c], scale[c])
    }
}

/** row = the weighted mean of source rows, for the columns low ≤ x < high. */
function blendRows(
  row: Float64Array,
  data: Uint8Array | Float32Array,
  start: number,
  sourceWidth: number,
  { count, weights }: Taps,
  own: number,
  low: number,
  high: number,
): void {
  const near = weights[own]
  if (count === 2) {
    const far = weights[own + 1]
    const next = start + sourceWidth
    for (let x = low; x < high; x++) row[x] = near * data[start + x] + far * data[next + x]
    return
  }
  for (let x = low; x < high; x++) row[x] = near * data[start + x]
  for (let k = 1; k < count; k++) {
    const weight = weights[own + k]
    const next = start + k * sourceWidth
    for (let x = low; x < high; x++) row[x] += weight * data[next + x]
  }
}

/** The weighted means of a row's columns go into the target, from `at` on, with their levels. */
function blendColumns(
  target: Float32Array,
  at: number,
  row: Float64Array,
  { count, start, weights }: Taps,
  from: number,
  to: number,
  mean: number,
  scale: number,
): void {
  if (count === 2) {
    for (let x = from; x < to; x++) {
      const near = start[x]
      target[at + x] = (weights[2 * x] * row[near] + weights[2 * x + 1] * row[near + 1] - mean) * scale
    }
    return
  }
  for (let x = from; x < to; x++) {
    const first = start[x]
    const own = x * count
    let sum = 0
    for (let k = 0; k < count; k++) sum += weights[own + k] * row[first + k]
    target[at + x] = (sum - mean) * scale
  }
}
