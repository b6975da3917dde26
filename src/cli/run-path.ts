import { namedRun } from '../runs/node/last-run.js'
import { detail } from './output.js'

/** Reads the name of a run: a path, or `last`. */
export function runPath(text: string): string {
  const path = namedRun(text)
  if (path !== text) detail(`run ${text} is ${path}`)
  return path
}
