import type { Precision } from '../engines/engine.js'
import type { Workload } from './workload.js'

/** Who computes, and how. */
export interface Setting {
  /** An engine of this library, or a peer: `onnx`, `pytorch`. */
  readonly runner: string
  readonly precision: Precision
  /** How pictures lie in memory, where a runner offers a choice: `default`, `channels_last`. */
  readonly layout: string
}

/** How fast a workload runs, and the most memory that its process has held. `batchSize` is what was really taken. */
export interface Measurement extends Workload, Setting {
  /** The median. */
  readonly imagesPerSecond: number
  readonly min: number
  readonly max: number
  readonly peakMemoryBytes: number
}

/** What several measurements of the same show: the median, lowest and highest of their medians, the highest memory. */
export function summariseRounds(rounds: readonly Measurement[]): Measurement {
  const [{ task, model, batchSize, runner, precision, layout }] = rounds
  const speeds = rounds.map(({ imagesPerSecond }) => imagesPerSecond)
  return {
    task,
    model,
    batchSize,
    runner,
    precision,
    layout,
    imagesPerSecond: median(speeds),
    min: Math.min(...speeds),
    max: Math.max(...speeds),
    peakMemoryBytes: Math.max(...rounds.map(({ peakMemoryBytes }) => peakMemoryBytes)),
  }
}

/** The value in the middle; of an even number the mean of the two there. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
