import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { AlexNetError, messageOf } from '../../../errors.js'
import { readListFile } from './list-file.js'
import { type NamedEntry, numberClasses, type PartName, type PictureList } from './picture-list.js'
import { readValidationLabels } from './validation-labels.js'
import { type FolderContents, walkFolder } from './walk-folder.js'

/** The names that people give the folders of the parts. */
const partFolders: Readonly<Record<PartName, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['val', 'valid', 'validation'],
  test: ['test', 'testing'],
}

export interface FindOptions {
  /** The file that tells the classes of a validation folder without class folders, as ImageNet's. */
  readonly validationLabels?: string
}

/**
 * Finds the pictures of a data set, and their classes:
 *
 * - a folder with a folder for each class;
 * - a folder with `train/`, and `val/` or `test/` or both, each with a folder for each class (ImageNet's wnids are such
 *   names); `val/` may hold the pictures flat, with a list of their classes;
 * - a CSV or JSON Lines file of paths and classes.
 *
 * Nothing is decoded here.
 *
 * @throws AlexNetError `missing-data` or `corrupt-data`.
 */
export async function findPictures(path: string, options: FindOptions = {}): Promise<PictureList> {
  const entry = await stat(path).catch((error: unknown) => {
    throw new AlexNetError('missing-data', `cannot read ${path}: ${messageOf(error)}`, 'Check the path.', {
      cause: error,
    })
  })
  if (entry.isFile()) return readListFile(path)
  const names = await foldersIn(path)
  const folderOf = (part: PartName) => partFolders[part].find((name) => names.includes(name))
  const train = folderOf('train')
  const found = await Promise.all(
    (['train', 'validation', 'test'] as const).map(async (part) => {
      const folder = train === undefined ? (part === 'train' ? '' : undefined) : folderOf(part)
      return folder === undefined ? undefined : ([part, await readPart(path, folder, part, options)] as const)
    }),
  )
  const parts = found.filter((part) => part !== undefined)
  return numberClasses(path, Object.fromEntries(parts.map(([part, { entries }]) => [part, entries])), {
    skipped: parts.flatMap(([, { contents }]) => contents.skipped),
    ignored: parts.reduce((sum, [, { contents }]) => sum + contents.ignored, 0),
  })
}

async function readPart(
  root: string,
  folder: string,
  part: PartName,
  { validationLabels }: FindOptions,
): Promise<{ entries: readonly NamedEntry[]; contents: FolderContents }> {
  const path = join(root, folder)
  const contents = await walkFolder(path, root)
  const flat = contents.pictures.filter((name) => !name.includes(sep))
  const place = (name: string) => ({ file: join(path, name), name: relative(root, join(path, name)) })
  if (part !== 'train' && flat.length > 0 && flat.length === contents.pictures.length) {
    const classOf = await readValidationLabels(root, path, flat, validationLabels)
    return { entries: flat.map((name) => ({ ...place(name), className: classOf(name) })), contents }
  }
  return {
    entries: contents.pictures
      .filter((name) => name.includes(sep))
      .map((name) => ({ ...place(name), className: name.split(sep)[0] })),
    // A picture beside the class folders has no class.
    contents: {
      ...contents,
      skipped: [
        ...contents.skipped,
        ...flat.map((name) => ({ name: place(name).name, reason: 'it lies in no class folder' })),
      ],
    },
  }
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw new AlexNetError('missing-data', `cannot read ${path}: ${messageOf(error)}`, 'Check the path.', {
      cause: error,
    })
  })
  return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name)
}
