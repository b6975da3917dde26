import pc from 'picocolors'
import { count } from '../format-numbers.js'

export { count, duration, large, percent } from '../format-numbers.js'

/** 143210 → `143 kB`. */
export function kilobytes(bytes: number): string {
  return `${count(bytes / 1000)} kB`
}

/** Rows as aligned columns; `right` names the columns of numbers. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd()
  return [pc.dim(line(header)), ...rows.map(line)].join('\n')
}
