import { join } from 'node:path'
import { type MetricsLine, metricsLineSchema, type TimingLine, timingLineSchema } from '../lines.js'
import { readLines } from './line-files.js'
import { runFiles } from './run-files.js'

/** All that a run has told of itself so far. */
export interface RunHistory {
  readonly metrics: readonly MetricsLine[]
  readonly timing: readonly TimingLine[]
}

/** @param run The run's folder. */
export async function readHistory(run: string): Promise<RunHistory> {
  const [metrics, timing] = await Promise.all([
    readLines(join(run, runFiles.metrics), metricsLineSchema),
    readLines(join(run, runFiles.timing), timingLineSchema),
  ])
  return { metrics, timing }
}
