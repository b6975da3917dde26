import type { TimingLine } from './lines.js'

/**
 * When a step was done, as `timing.jsonl` tells of starts and of epochs: in between, steps take equally long.
 * @returns Milliseconds since 1970; undefined where the file tells nothing.
 */
export function stepTimes(lines: readonly TimingLine[]): (step: number) => number | undefined {
  const points = lines.map(({ kind, step, at }) => ({ kind, step, at: Date.parse(at) }))
  return (step) => {
    const next = points.findIndex((point) => point.step >= step && point.kind === 'epoch')
    if (next < 0) return points.at(-1)?.at
    const [before, after] = [points[next - 1], points[next]]
    if (before === undefined || after.step <= before.step) return after.at
    const share = Math.max(0, (step - before.step) / (after.step - before.step))
    return before.at + share * (after.at - before.at)
  }
}
