import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { AlexNetError } from '../../../errors.js'
import { isPictureName } from './picture-list.js'

/** As many paths of a list are looked for before it is given up: the first of them may be missing. */
const TRIED = 20

/** Where the pictures of a list usually lie, besides the list's own folder. */
const PICTURE_FOLDERS = ['images', 'image', 'img', 'pictures', 'train', 'data']

/** What people leave out of names that they use as ids. */
const ENDINGS = ['.jpg', '.jpeg', '.png', '.JPG', '.webp', '.bmp', '.tif']

/**
 * Finds out what the paths of a list are relative to: the list's folder, a folder of pictures beside it, one of the list's
 * own name, or the folder above. Backslashes part folders too, and names without an ending get that of the files there.
 *
 * @returns The file that a path of the list means.
 * @throws AlexNetError `missing-data` when none of the first paths leads to a file.
 */
export async function resolvePaths(list: string, paths: readonly string[]): Promise<(path: string) => string> {
  const folder = resolve(dirname(list))
  const stem = basename(list, extname(list))
  const bases = [folder, ...[...PICTURE_FOLDERS, stem].map((name) => join(folder, name)), dirname(folder)]
  for (const path of paths.slice(0, TRIED))
    for (const base of bases)
      for (const ending of endingsOf(path))
        if (await isFile(resolve(base, slashed(path) + ending)))
          return (other) => resolve(base, slashed(other) + (endingsOf(other).includes(ending) ? ending : ''))
  const [first] = paths
  throw new AlexNetError(
    'missing-data',
    `${list}: there is no ${resolve(folder, slashed(first))}, nor is ${JSON.stringify(first)} in ${PICTURE_FOLDERS.slice(0, -1).join('/, ')}/ or ${PICTURE_FOLDERS.at(-1)}/ there or in ${dirname(folder)}`,
    `Paths are relative to the list, in ${folder}: put the list beside the pictures, or write whole paths.`,
  )
}

/** A name with an ending of pictures needs none. */
function endingsOf(path: string): readonly string[] {
  return isPictureName(basename(slashed(path))) ? [''] : ENDINGS
}

/** As Windows parts folders. */
function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
}
