import type { StartLine, TimingLine } from '../runs/lines.js'

/** What `timing.jsonl` tells of a run. */
export interface Work {
  /** One for each start of the run. */
  readonly sessions: readonly StartLine[]
  /** The steps of training alone, of the epochs that are complete. */
  readonly seconds: number
  /** When the last epoch ended, ISO 8601. */
  readonly ended?: string
}

/** What the lines of a run tell, in their order. */
export function workOf(lines: readonly TimingLine[]): Work {
  const epochs = lines.filter((line) => line.kind === 'epoch')
  return {
    sessions: lines.filter((line) => line.kind === 'start'),
    seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    ended: epochs.at(-1)?.at,
  }
}
