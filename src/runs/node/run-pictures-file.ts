import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AlexNetError } from '../../errors.js'
import { parseLines } from '../lines.js'
import { type RunPicture, runPictureSchema } from '../run-pictures.js'
import { runFiles } from './run-files.js'
import { runFolder } from './scan-file.js'
import { writeAtomically } from './write-atomically.js'

/**
 * Which pictures a run learns from, and which measure it; undefined for a run of other data, and of an earlier version.
 * @param run The folder of a run, or a file in it.
 * @throws AlexNetError `corrupt-data`
 */
export async function readRunPictures(run: string): Promise<RunPicture[] | undefined> {
  const file = join(runFolder(run), runFiles.pictures)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const pictures = parseLines(runPictureSchema, text)
  if (pictures.length === 0 || pictures.length !== text.trimEnd().split('\n').length)
    throw new AlexNetError(
      'corrupt-data',
      `${file} is damaged: expected a picture in each line`,
      'Without it nobody knows which pictures the run has learnt from: restore it, or start a new run.',
    )
  return pictures
}

/** @throws AlexNetError `not-writable` */
export async function writeRunPictures(run: string, pictures: readonly RunPicture[]): Promise<void> {
  await writeAtomically(join(run, runFiles.pictures), [pictures.map((line) => `${JSON.stringify(line)}\n`).join('')])
}
