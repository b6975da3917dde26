import { existsSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { AlexNetError } from '../../errors.js'
import { epochTable } from '../../runs/epoch-table.js'
import { type EpochLine, evaluationOf } from '../../runs/lines.js'
import { readCheckpointFile } from '../../runs/node/checkpoint-files.js'
import { eventFilesIn } from '../../runs/node/event-folder.js'
import { type RunHistory, readHistory } from '../../runs/node/read-history.js'
import { runFiles } from '../../runs/node/run-files.js'
import { writeAtomically } from '../../runs/node/write-atomically.js'
import { TensorBoardLog } from './tensorboard-log.js'

/** What the history of a run can be written as. */
export const historyFormats = ['csv', 'tensorboard'] as const
export type HistoryFormat = (typeof historyFormats)[number]

export interface HistoryExportOptions {
  /** The folder of a run. */
  readonly run: string
  readonly format: HistoryFormat
  /** The file, or TensorBoard's folder; default: the run's name with .csv in the current folder, or the run's folder. */
  readonly out?: string
  /** Replace what is there. */
  readonly force?: boolean
}

/**
 * Writes how a run has gone for other programs, as `--csv` and `--tensorboard` do while it trains.
 * @returns The file, or the folder.
 * @throws AlexNetError `missing-data` for a run without a complete epoch, `run-exists` where something is there already,
 *   `not-writable`.
 */
export async function exportHistory(options: HistoryExportOptions): Promise<string> {
  const { run, format } = options
  // A checkpoint by itself is a network, and tells nothing of how it has learnt.
  if (existsSync(run) && !statSync(run).isDirectory())
    throw new AlexNetError(
      'missing-data',
      `${run} is a file, expected the folder of a run: how it has learnt is told there`,
    )
  const history = await readHistory(run)
  const first = history.metrics.find((line) => line.kind === 'epoch')
  if (!first)
    throw new AlexNetError(
      'missing-data',
      `${run} tells of no complete epoch, expected the folder of a run that was trained here`,
    )
  return format === 'csv' ? exportTable(history, first, options) : exportEvents(history, options)
}

async function exportTable(history: RunHistory, first: EpochLine, options: HistoryExportOptions): Promise<string> {
  const file = options.out ?? `${basename(resolve(options.run))}.csv`
  if (!options.force && existsSync(file)) throw thereAlready(file)
  await writeAtomically(file, [epochTable(history, evaluationOf(first)?.part ?? 'test')])
  return file
}

async function exportEvents(history: RunHistory, { run, out: folder = run, force }: HistoryExportOptions) {
  const old = await eventFilesIn(folder)
  if (!force && old.length > 0) throw thereAlready(join(folder, old[0]))
  const { recipe, model, progress, state } = await readCheckpointFile(join(run, runFiles.last), run)
  for (const file of old) await rm(join(folder, file))
  let problem: string | undefined
  const onWarning = (message: string) => {
    problem = message
  }
  const log = new TensorBoardLog({ folder, recipe, model, progress, history, onWarning })
  log.look(progress.step, state)
  await log.close()
  if (problem !== undefined) throw new AlexNetError('not-writable', problem)
  return folder
}

function thereAlready(file: string): AlexNetError {
  return new AlexNetError('run-exists', `${file} is there already`, 'Give another --out, or --force to replace it.')
}
