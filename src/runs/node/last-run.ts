import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AlexNetError } from '../../errors.js'
import { runFiles } from './run-files.js'

/** The folder in which runs are made unless told otherwise. */
const RUNS = 'runs'

/** What stands for the newest run. */
export const LAST = 'last'

/**
 * The path of a run as a person names it: `last` is the run of `runs/` that was worked on last, unless something of that
 * name is there.
 * @throws AlexNetError `missing-data` when there is no run yet.
 */
export function namedRun(name: string, runs = RUNS): string {
  if (name !== LAST || existsSync(name)) return name
  const newest = runsIn(runs).toSorted((a, b) => b.changed - a.changed)[0]
  if (newest) return newest.path
  throw new AlexNetError(
    'missing-data',
    `'${LAST}' is the newest run in ${runs}/, and there is none`,
    'Go to the folder that holds runs/, give the path of a run, or train one first.',
  )
}

/** The runs in a folder, and when each was worked on, in milliseconds. */
export function runsIn(folder: string): { readonly path: string; readonly changed: number }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    const changes = [runFiles.recipe, runFiles.metrics, runFiles.last].map((file) => changeOf(join(path, file)))
    return changes[0] === 0 ? [] : [{ path, changed: Math.max(...changes) }]
  })
}

/** When a file was written last; 0 where it is not there. */
function changeOf(file: string): number {
  return existsSync(file) ? statSync(file).mtimeMs : 0
}
