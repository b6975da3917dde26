import { highestShown } from '../../../training/shown-loss.js'
import type { RatePoint } from '../../../training/suggest-rate.js'

/** Columns and rows of the field that the curve is drawn in. */
const WIDTH = 60
const HEIGHT = 12

/**
 * The curve of a search in characters: the smoothed loss over the rate, which rises by the same factor from column to
 * column.
 *
 * @param marked A rate that is marked by a line.
 */
export function textPlot(points: readonly RatePoint[], marked: number | undefined): string[] {
  const [first, last] = [points[0].rate, points[points.length - 1].rate]
  const columnOf = (rate: number) =>
    first === last ? 0 : Math.round((Math.log(rate / first) / Math.log(last / first)) * (WIDTH - 1))
  const losses = points.map(({ smoothed }) => smoothed)
  const low = Math.min(...losses)
  const high = highestShown(points)
  const rowOf = (loss: number) => Math.round(((high - loss) / Math.max(high - low, 1e-9)) * (HEIGHT - 1))
  const field = Array.from({ length: HEIGHT }, () => new Array<string>(WIDTH).fill(' '))
  if (marked !== undefined) for (const row of field) row[columnOf(marked)] = '┊'
  for (const { rate, smoothed } of points) if (smoothed <= high) field[rowOf(smoothed)][columnOf(rate)] = '•'
  const labels = field.map((_, row) => (row === 0 ? high : row === HEIGHT - 1 ? low : undefined)?.toFixed(3) ?? '')
  const margin = Math.max(...labels.map(({ length }) => length))
  const lines = field.map((row, n) => `${labels[n].padStart(margin)} │${row.join('').trimEnd()}`)
  return [
    ...lines,
    `${' '.repeat(margin)} └${'─'.repeat(WIDTH)}`,
    `${' '.repeat(margin)}  ${axis(first, last, columnOf)}`,
  ]
}

/** The powers of ten below the axis, as many as there is room for. */
function axis(first: number, last: number, columnOf: (rate: number) => number): string {
  let text = ''
  for (let power = Math.ceil(Math.log10(first) - 1e-9); power <= Math.floor(Math.log10(last) + 1e-9); power++) {
    const column = columnOf(10 ** power)
    if (text.length > 0 && column < text.length + 2) continue
    text = `${text.padEnd(column)}1e${power}`
  }
  return text
}
