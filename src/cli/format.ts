import pc from 'picocolors'
import { count, large, percent } from '../format-numbers.js'
import { type ClassResult, macroAverage } from '../runs/class-results.js'
import type { Metrics } from '../runs/metrics.js'

export { count, duration, large, percent } from '../format-numbers.js'

/** The size of a file: 143210 → `143 kB`. */
export function fileSize(bytes: number): string {
  return `${large(bytes)}B`
}

/** `1 thread`, `2 threads`. */
export function counted(value: number, thing: string, things = `${thing}s`): string {
  return `${count(value)} ${value === 1 ? thing : things}`
}

/**
 * What an evaluation has found: `accuracy 93.75 %, top-5 99.10 %, loss 0.2310 on 2,000 pictures`. With five classes or
 * fewer every picture's class is among the first five. Where some classes have more pictures than others the mean over the
 * classes stands beside the accuracy.
 */
export function evaluationText({ top1, top5, loss, images }: Metrics, classes: readonly ClassResult[]): string {
  const fiveBest = classes.length > 5 ? `, top-5 ${percent(top5)}` : ''
  const macro = percent(macroAverage(classes).recall)
  const mean = macro === percent(top1) ? '' : `, mean of the classes ${macro}`
  return `accuracy ${percent(top1)}${mean}${fiveBest}, loss ${loss.toFixed(4)} on ${counted(images, 'picture')}`
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
