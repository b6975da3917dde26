import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EpochTiming, type MetricsLine, metricsLineSchema, timingLineSchema } from '../lines.js'
import type { LiveProgress, LiveSnapshot } from '../live.js'
import type { RunState } from '../progress.js'
import { atStart, type LinePosition, linesAfter } from './line-files.js'
import { changeOf, readLiveProgress, readLiveSnapshot, readState } from './read-run.js'
import { runFiles } from './run-files.js'
import type { NamedRun } from './run-folders.js'

/** Where a follower of a run is in its two files of lines. */
export interface RunPosition {
  readonly metrics: LinePosition
  readonly timing: LinePosition
}

export const runStart: RunPosition = { metrics: atStart, timing: atStart }

/** What has happened in a run; of what comes from its lines, where to go on after it. */
export type RunChange =
  | { readonly kind: 'metrics'; readonly line: MetricsLine; readonly position: RunPosition }
  | { readonly kind: 'timing'; readonly line: EpochTiming; readonly position: RunPosition }
  /** The files have been written anew: all their lines follow from the first on. */
  | { readonly kind: 'reset'; readonly position: RunPosition }
  | { readonly kind: 'live'; readonly progress?: LiveProgress; readonly inside?: LiveSnapshot }
  | { readonly kind: 'state'; readonly state: RunState }

/** How often a run's folder is looked at. Notifications of changes do not work on every file system; this does. */
const POLL_MILLISECONDS = 500

/**
 * Follows a run's files until the signal ends it: the lines after `from` in order, then each as it is written. Where the
 * training is (`live`) and what the run does (`state`) come at first, and whenever they change.
 *
 * What is missed cannot be: the files hold all lines, and a position says where to go on.
 */
export async function* followRun(run: NamedRun, from: RunPosition, signal: AbortSignal): AsyncGenerator<RunChange> {
  let position = from
  let state: RunState | undefined
  let live: string | undefined
  while (!signal.aborted) {
    const added = await readAfter(run, position)
    if (added.isReset) {
      // Both from the beginning: who starts anew needs all of both.
      position = runStart
      yield { kind: 'reset', position }
      continue
    }
    for (const { value: line, position: metrics } of added.metrics) {
      position = { ...position, metrics }
      yield { kind: 'metrics', line, position }
    }
    for (const { value: line, position: timing } of added.timing) {
      position = { ...position, timing }
      // What computes, which the file tells too, is no point of a curve.
      if (line.kind === 'epoch') yield { kind: 'timing', line, position }
    }
    const version = `${await changeOf(run, runFiles.liveSnapshot)} ${await changeOf(run, runFiles.liveProgress)}`
    if (version !== live) {
      live = version
      yield { kind: 'live', progress: await readLiveProgress(run), inside: await readLiveSnapshot(run) }
    }
    const now = await readState(run)
    if (now !== state) {
      state = now
      yield { kind: 'state', state }
    }
    await sleep(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined)
  }
}

/** The lines of both files after a position. */
export async function readAfter(run: NamedRun, from: RunPosition) {
  const metrics = await linesAfter(join(run.path, runFiles.metrics), metricsLineSchema, from.metrics)
  const timing = await linesAfter(join(run.path, runFiles.timing), timingLineSchema, from.timing)
  return {
    metrics: metrics.lines,
    timing: timing.lines,
    position: { metrics: metrics.position, timing: timing.position },
    isReset: metrics.isReset || timing.isReset,
  }
}
