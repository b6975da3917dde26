import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AlexNetError, messageOf } from '../../../errors.js'
import { describeOtherFiles, inBrackets } from './describe-other-files.js'
import { mergeOtherFiles, otherFilesBelow, picturesBelow } from './picture-folder.js'
import type { OtherFiles, SkippedFile } from './picture-list.js'
import { walkFolder } from './walk-folder.js'

/** Picture files, and what lies beside them that is none or not followed. */
export interface PictureFiles {
  readonly files: readonly string[]
  readonly skipped: readonly SkippedFile[]
}

/**
 * The picture files among `paths`: a file stands for itself, a folder for all pictures in it and below it, in the order of
 * their names.
 * @param takeMissing A path that does not exist stands for itself, too: whoever reads it says so then.
 * @throws AlexNetError `missing-data` when a path does not exist, or no picture is found.
 */
export async function pictureFiles(paths: readonly string[], { takeMissing = false } = {}): Promise<PictureFiles> {
  const files: string[] = []
  const others: OtherFiles[] = []
  for (const path of paths) {
    const entry = await stat(path).catch((error: unknown) => {
      if (takeMissing) return undefined
      throw new AlexNetError('missing-data', `cannot read ${path}: ${messageOf(error)}`, 'Check the path.', {
        cause: error,
      })
    })
    if (!entry?.isDirectory()) {
      files.push(path)
      continue
    }
    const found = await walkFolder(path)
    files.push(...picturesBelow(found).map((name) => join(path, name)))
    const { skipped, ...rest } = otherFilesBelow(found)
    others.push({ ...rest, skipped: skipped.map(({ name, reason }) => ({ name: join(path, name), reason })) })
  }
  const beside = mergeOtherFiles(others)
  if (files.length === 0)
    throw new AlexNetError(
      'missing-data',
      `there are no pictures in ${paths.join(', ')}${inBrackets(describeOtherFiles(beside))}`,
      'Expected files named .jpg, .png, .webp, .gif, .tif, .avif or .bmp.',
    )
  return { files, skipped: beside.skipped }
}
