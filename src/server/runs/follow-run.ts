import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EpochLine, RunEvents, StepsLine, TimingLine } from '../api-types.js'
import { linesAfter } from './lines.js'
import { lastInside, readInside } from './live-pictures.js'
import { beginning, formatPosition, type RunPosition } from './position.js'
import type { NamedRun } from './run-folders.js'
import { isEpochTiming, readProgress, readState } from './run-reader.js'

/** An event with what it carries; the id is where to go on after it. */
export type FollowedEvent = {
  [Name in keyof RunEvents]: { readonly event: Name; readonly data: RunEvents[Name]; readonly id?: string }
}[keyof RunEvents]

/** How often a run's folder is looked at. Notifications of changes do not work on every file system; this does. */
const POLL_MILLISECONDS = 500

/**
 * Follows a run's files until the signal ends it: the lines after `from` in order, then each as it is written.
 * What is missed cannot be: the files hold all lines, and an event's id says where to go on.
 */
export async function* followRun(run: NamedRun, from: RunPosition, signal: AbortSignal): AsyncGenerator<FollowedEvent> {
  let position = from
  let state: string | undefined
  let live: string | undefined
  while (!signal.aborted) {
    const metrics = await linesAfter(join(run.path, 'metrics.jsonl'), position.metrics)
    const timing = await linesAfter(join(run.path, 'timing.jsonl'), position.timing)
    if (metrics.isReset || timing.isReset) {
      // Both from the beginning: a page that starts anew needs all of both.
      position = beginning
      yield { event: 'reset', data: {}, id: formatPosition(position) }
      continue
    }
    for (const { value, position: after } of metrics.lines) {
      position = { ...position, metrics: after }
      yield { event: 'metrics', data: value as StepsLine | EpochLine, id: formatPosition(position) }
    }
    for (const { value, position: after } of timing.lines) {
      position = { ...position, timing: after }
      if (!isEpochTiming(value as TimingLine)) continue
      yield { event: 'timing', data: value as TimingLine, id: formatPosition(position) }
    }
    const version = `${await lastInside(run)} ${await lastProgress(run)}`
    if (version !== live) {
      live = version
      yield { event: 'live', data: { progress: await readProgress(run), inside: await readInside(run) } }
    }
    const now = await readState(run)
    if (now !== state) {
      state = now
      yield { event: 'state', data: { state: now } }
    }
    await sleep(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined)
  }
}

async function lastProgress(run: NamedRun): Promise<number> {
  return (await stat(join(run.path, 'live.json')).catch(() => undefined))?.mtimeMs ?? 0
}
