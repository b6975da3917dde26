import { parseLine, type StartLine, timingLineSchema } from '../../src/runs/lines.js'

/**
 * How a run was computed and how long it took, by its `timing.jsonl`: as many times the median epoch, with the evaluation
 * behind it, as it has had. So it does not matter whether it was stopped in between, or others had the machine for a while.
 */
export function workOf(text: string): { seconds: number; imagesPerSecond: number; start: StartLine } {
  const lines = text.split('\n').flatMap((line) => parseLine(timingLineSchema, line) ?? [])
  const start = lines.find((line) => line.kind === 'start')
  if (!start) throw new Error('timing.jsonl has no start')
  const epochs = lines.filter((line) => line.kind === 'epoch')
  const intervals = lines.slice(1).flatMap((line, i) => {
    const between = (Date.parse(line.at) - Date.parse(lines[i].at)) / 1000
    // What a process that goes on does first is the rest of an epoch.
    return line.kind === 'epoch' && (lines[i].kind === 'epoch' || i === 0) ? [between] : []
  })
  return {
    seconds: Math.max(...epochs.map(({ epoch }) => epoch)) * median(intervals),
    imagesPerSecond: median(epochs.map(({ imagesPerSecond }) => imagesPerSecond)),
    start,
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
