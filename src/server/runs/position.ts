import { type RunPosition, runStart } from '../../runs/node/follow-run.js'
import { HttpProblem } from '../problem.js'

/** A place in the lines of a run as the id of an event. */
export function formatPosition({ metrics, timing }: RunPosition): string {
  return `${metrics.inode}-${metrics.offset}-${timing.inode}-${timing.offset}`
}

/** @throws HttpProblem 400 for what `formatPosition` cannot have given. */
export function parsePosition(text: string | undefined): RunPosition {
  if (text === undefined) return runStart
  const match = /^(\d{1,15})-(\d{1,15})-(\d{1,15})-(\d{1,15})$/.exec(text)
  if (!match) throw new HttpProblem(400, 'invalid-parameter', 'this is no position in a run', 'Leave it out.')
  const [, a, b, c, d] = match.map(Number)
  return { metrics: { inode: a, offset: b }, timing: { inode: c, offset: d } }
}
