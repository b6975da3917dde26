import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { readHistory } from '../../runs/node/read-history.js'
import { runFiles } from '../../runs/node/run-files.js'
import { sweepFiles } from '../../runs/node/sweep-folder.js'
import { writeAtomically } from '../../runs/node/write-atomically.js'
import { ranked, type Sweep, type SweepResult, seedGroups } from '../../runs/sweep.js'
import { historyOf } from '../history.js'
import { sweepPage } from '../sweep-page.js'

/** Writes `sweep.html` into the folder of a sweep: what its runs gave so far. */
export async function writeSweepPage(folder: string, sweep: Sweep, results: readonly SweepResult[]): Promise<void> {
  const best = ranked(sweep.runs, results)
  const runs = await Promise.all(
    best.map(async (run) => {
      const { metrics } = await readHistory(join(folder, run.name))
      const hasReport = existsSync(join(folder, run.name, runFiles.report))
      const report = `${encodeURIComponent(run.name)}/${runFiles.report}`
      return { ...run, history: historyOf(metrics), ...(hasReport && { report }) }
    }),
  )
  const name = basename(resolve(folder))
  await writeAtomically(join(folder, sweepFiles.page), [sweepPage({ name, sweep, runs, groups: seedGroups(best) })])
}
