import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { AlexNetError, messageOf } from '../../../errors.js'
import { isPictureName, type SkippedFile } from './picture-list.js'

/** The pictures below a folder. */
export interface FolderContents {
  /** Paths within the folder, sorted. */
  readonly pictures: readonly string[]
  readonly skipped: readonly SkippedFile[]
  /** Files that are no pictures by their names. */
  readonly ignored: number
}

/**
 * Finds the pictures in a folder and in those below it. Links are followed only within `root`: a link out of it is
 * listed, not read, so that a folder from elsewhere cannot bring in files of this machine.
 *
 * @param root The folder that the data set lies in: names in messages are paths within it.
 * @throws AlexNetError `missing-data` when the folder cannot be read.
 */
export async function walkFolder(folder: string, root: string): Promise<FolderContents> {
  const pictures: string[] = []
  const skipped: SkippedFile[] = []
  let ignored = 0
  const home = await realpath(root)
  const visited = new Set<string>()

  async function walk(path: string): Promise<void> {
    const real = await realpath(path)
    // A link to a folder above would be walked for ever.
    if (visited.has(real)) return
    visited.add(real)
    const entries = await readdir(path, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = join(path, entry.name)
      const kind = entry.isSymbolicLink() ? await linkKind(file) : entry
      if (typeof kind === 'string') skipped.push({ name: relative(root, file), reason: kind })
      else if (kind.isDirectory()) await walk(file)
      else if (kind.isFile() && isPictureName(entry.name)) pictures.push(relative(folder, file))
      else ignored++
    }
  }

  /** What a link leads to, or why it is not followed. */
  async function linkKind(file: string) {
    try {
      const target = await realpath(file)
      if (target !== home && !target.startsWith(home + sep)) return 'a link that leads out of the folder'
      return await stat(file)
    } catch {
      return 'a link that leads nowhere'
    }
  }

  try {
    await walk(folder)
  } catch (error) {
    throw new AlexNetError('missing-data', `cannot read ${folder}: ${messageOf(error)}`, 'Check the path.', {
      cause: error,
    })
  }
  return { pictures, skipped, ignored }
}
