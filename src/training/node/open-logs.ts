import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { AlexNetError } from '../../errors.js'
import { eventFilesIn } from '../../runs/node/event-folder.js'
import { readHistory } from '../../runs/node/read-history.js'
import { runFiles } from '../../runs/node/run-files.js'
import type { PreparedRun } from '../prepare-run.js'
import type { RunLog } from './run-log.js'
import { TableLog } from './table-log.js'
import { TensorBoardLog } from './tensorboard-log.js'

interface AskedLogs {
  readonly tensorboard?: boolean | string
  readonly csv?: boolean
  /** The run begins now. */
  readonly isNew: boolean
  readonly onWarning: (message: string) => void
}

/**
 * What is written of a run for other programs: what is asked for, and what lies in its folder already.
 *
 * @param run The run's folder.
 * @throws AlexNetError `run-exists` where another run has told TensorBoard of itself under this name.
 */
export async function openLogs(
  run: string,
  prepared: Pick<PreparedRun, 'recipe' | 'model' | 'progress' | 'evaluationPart'>,
  { tensorboard, csv, isNew, onWarning }: AskedLogs,
): Promise<RunLog[]> {
  const table = join(run, runFiles.table)
  const folder = eventFolderOf(run, tensorboard)
  const files = await eventFilesIn(folder)
  if (isNew && files.length > 0)
    throw new AlexNetError(
      'run-exists',
      `${folder} holds the events of another run`,
      'Choose another folder for TensorBoard, or another name for the run (--out).',
    )
  const [logsEvents, logsTable] = [tensorboard || files.length > 0, csv || existsSync(table)]
  if (!logsEvents && !logsTable) return []
  const history = await readHistory(run)
  const { evaluationPart, ...about } = prepared
  return [
    ...(logsEvents ? [new TensorBoardLog({ ...about, folder, history, onWarning })] : []),
    ...(logsTable ? [new TableLog(table, history, evaluationPart, onWarning)] : []),
  ]
}

/** Where the events of a run lie: in its folder, or beside those of others. */
export function eventFolderOf(run: string, tensorboard: boolean | string | undefined): string {
  return typeof tensorboard === 'string' ? join(tensorboard, basename(resolve(run))) : run
}
