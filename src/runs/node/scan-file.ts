import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ScanReport, scanReportSchema } from '../../data/node/pictures/scan-report.js'
import { AlexNetError, messageOf } from '../../errors.js'
import { checkWritten } from '../../settings/check.js'
import { runFiles } from './run-files.js'

/**
 * Where the pictures of a run lie, if they are one's own, and what was found there when it began.
 * @param run The folder of a run, or a file in it.
 * @throws AlexNetError `corrupt-data`
 */
export async function readScan(run: string): Promise<ScanReport | undefined> {
  const file = join(runFolder(run), runFiles.scan)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return checkWritten(scanReportSchema, JSON.parse(text), 'its content')
  } catch (error) {
    throw new AlexNetError(
      'corrupt-data',
      `${file} is damaged: ${messageOf(error).split('\n')[0]}`,
      'Give the folder of the pictures with --data DIR.',
      { cause: error },
    )
  }
}

/** The folder of a run, which may be named by a file in it. */
export function runFolder(run: string): string {
  return existsSync(run) && statSync(run).isFile() ? dirname(run) : run
}
