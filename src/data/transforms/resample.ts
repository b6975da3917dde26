import type { Geometry } from './geometry.js'
import type { Levels } from './levels.js'
import type { Source } from './source.js'
import { type Taps, TriangleFilter } from './triangle-filter.js'
import type { VisibleColumns } from './visible-columns.js'

/** Memory that is kept between pictures: nothing of it is read before it is written. */
const rows = new TriangleFilter()
const columns = new TriangleFilter()
/** Source rows with their columns resampled: row r lies in place r mod rows.count, channel after channel. */
let ring = new Float64Array(0)
let mixed = new Float64Array(0)

/**
 * Resamples columns, then rows, for a geometry that keeps rows and columns: see `TriangleFilter`. Each source row is
 * resampled once, when the first row of the result needs it.
 */
export function resample(
  source: Source,
  { height, width, xx, yy, x0, y0, left, right, top, bottom }: Geometry,
  { first, end }: VisibleColumns,
  levels: Levels,
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
  const { channels } = source
  const { count } = rows
  const row = channels * (to - from)
  if (ring.length < count * row) ring = new Float64Array(count * row)

  // A geometry may turn the picture upside down: then the source's rows are needed from below.
  const step = yy > 0 ? 1 : -1
  let next = yy > 0 ? rows.start[firstRow] : rows.start[firstRow] + count - 1
  for (let y = firstRow; y < endRow; y++) {
    const needed = yy > 0 ? rows.start[y] + count - 1 : rows.start[y]
    // A step may skip rows that nobody needs.
    const oldest = yy > 0 ? rows.start[y] : rows.start[y] + count - 1
    if (step * (oldest - next) > 0) next = oldest
    for (; step * (needed - next) >= 0; next += step)
      stretchRow(source, next, columns, from, to, ring, (next % count) * row)
    for (let c = 0; c < channels; c++)
      mixRows(
        c * (to - from),
        row,
        y,
        to - from,
        levels.mean[c],
        levels.scale[c],
        target,
        offset + (c * height + y) * width + from,
      )
  }
}

/** One row of the source, all channels, with its columns from `from` to `to` resampled. */
function stretchRow(
  { data, channels, height, width }: Source,
  sourceRow: number,
  { count, start, weights }: Taps,
  from: number,
  to: number,
  out: Float64Array,
  at: number,
): void {
  for (let c = 0; c < channels; c++) {
    const own = (c * height + sourceRow) * width
    const place = at + c * (to - from) - from
    if (count === 2)
      for (let x = from; x < to; x++) {
        const near = own + start[x]
        out[place + x] = weights[2 * x] * data[near] + weights[2 * x + 1] * data[near + 1]
      }
    else if (count === 4)
      for (let x = from, w = 4 * from; x < to; x++, w += 4) {
        const near = own + start[x]
        out[place + x] =
          weights[w] * data[near] +
          weights[w + 1] * data[near + 1] +
          weights[w + 2] * data[near + 2] +
          weights[w + 3] * data[near + 3]
      }
    else
      for (let x = from; x < to; x++) {
        const near = own + start[x]
        const weight = x * count
        let sum = 0
        for (let k = 0; k < count; k++) sum += weights[weight + k] * data[near + k]
        out[place + x] = sum
      }
  }
}

/** The weighted mean of the rows in the ring that row y of the result is made of: (Σ w · x − mean) · scale. */
function mixRows(
  place: number,
  row: number,
  y: number,
  length: number,
  mean: number,
  scale: number,
  target: Float32Array,
  at: number,
): void {
  const { count, start, weights } = rows
  const kept = ring
  const own = y * count
  const first = start[y]
  const less = mean * scale
  const a = (first % count) * row + place
  const wa = weights[own] * scale
  if (count === 2) {
    const b = ((first + 1) % count) * row + place
    const wb = weights[own + 1] * scale
    for (let x = 0; x < length; x++) target[at + x] = wa * kept[a + x] + wb * kept[b + x] - less
    return
  }
  if (count === 4) {
    const [b, c, d] = [1, 2, 3].map((k) => ((first + k) % count) * row + place)
    const [wb, wc, wd] = [1, 2, 3].map((k) => weights[own + k] * scale)
    for (let x = 0; x < length; x++)
      target[at + x] = wa * kept[a + x] + wb * kept[b + x] + wc * kept[c + x] + wd * kept[d + x] - less
    return
  }
  if (mixed.length < length) mixed = new Float64Array(length)
  const sums = mixed
  for (let x = 0; x < length; x++) sums[x] = wa * kept[a + x] - less
  for (let k = 1; k < count; k++) {
    const other = ((first + k) % count) * row + place
    const weight = weights[own + k] * scale
    for (let x = 0; x < length; x++) sums[x] += weight * kept[other + x]
  }
  for (let x = 0; x < length; x++) target[at + x] = sums[x]
}
