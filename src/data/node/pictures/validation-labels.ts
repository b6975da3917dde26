import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { AlexNetError, messageOf } from '../../../errors.js'

/** What the lists are called: Kaggle's, Caffe's, TensorFlow's, tiny-imagenet's, the development kit's. */
const listNames = [
  'LOC_val_solution.csv',
  'val.txt',
  'imagenet_2012_validation_synset_labels.txt',
  'val_annotations.txt',
  'ILSVRC2012_validation_ground_truth.txt',
]

/** The development kit's numbers of classes (1–1000) are in an order of their own, which this file tells: `n02119789 1 kit_fox`. */
const mapName = 'map_clsloc.txt'

/**
 * The classes of a folder of pictures without class folders, from a list:
 *
 * - lines of a picture's name and its class, parted by a comma or by space (what follows is not read): the class is a
 *   wnid, or its number from 0 in the order of the training folders' names (Caffe's val.txt);
 * - or one class a line, in the order of the pictures' names: a wnid, or ILSVRC's own number from 1, for which
 *   `map_clsloc.txt` must lie beside the list.
 *
 * @param list The list; without it one of the usual names is looked for beside the pictures and above them.
 * @returns The class of a picture by its name.
 * @throws AlexNetError `missing-data` when there is no list, `corrupt-data` when it does not fit the pictures.
 */
export async function readValidationLabels(
  root: string,
  folder: string,
  pictures: readonly string[],
  list: string | undefined,
): Promise<(picture: string) => string> {
  const file = list ?? (await findFile([root, folder], listNames))
  if (file === undefined)
    throw new AlexNetError(
      'missing-data',
      `${folder} holds pictures without class folders, and no list of their classes`,
      `Give the list with --val-labels FILE, or name it ${listNames[1]}.`,
    )
  const rows = (await read(file))
    .split('\n')
    .map((line) => line.trim().split(/[\s,]+/))
    .filter(([first]) => first !== '')
  const stems = new Set(pictures.map((picture) => parse(picture).name))
  const named = rows.some(([first]) => stems.has(parse(first).name))
  const classes = named ? namedClasses(rows) : await orderedClasses(rows, pictures, file, root)
  const numbered = await numberedClasses(root)
  return (picture) => {
    const found = classes.get(picture) ?? classes.get(picture.replace(/\.\w+$/, ''))
    if (found === undefined)
      throw new AlexNetError(
        'corrupt-data',
        `${file}: it names no class for ${picture}`,
        'Is it the list of this folder?',
      )
    if (!/^\d+$/.test(found)) return found
    const name = numbered[Number(found)]
    if (name === undefined)
      throw new AlexNetError(
        'corrupt-data',
        `${file}: ${picture} has class ${found}, expected 0–${numbered.length - 1} or the name of a class`,
      )
    return name
  }
}

/** Lines of a name and a class; a line of titles is no picture's. */
function namedClasses(rows: readonly string[][]): Map<string, string> {
  return new Map(
    rows.filter((row) => row.length > 1).map(([name, className]) => [name.replace(/^.*[/\\]/, ''), className]),
  )
}

async function orderedClasses(
  rows: readonly string[][],
  pictures: readonly string[],
  file: string,
  root: string,
): Promise<Map<string, string>> {
  if (rows.length !== pictures.length)
    throw new AlexNetError(
      'corrupt-data',
      `${file}: expected a class for each of ${pictures.length} pictures, got ${rows.length} lines`,
    )
  const classes = rows.map(([className]) => className)
  if (!classes.every((name) => /^\d+$/.test(name))) return new Map(pictures.map((name, i) => [name, classes[i]]))
  const map = await findFile([root, join(file, '..')], [mapName])
  if (map === undefined)
    throw new AlexNetError(
      'missing-data',
      `${file} gives ILSVRC's own numbers of the classes, and ${mapName}, which says what they are, is not beside it`,
      `Put ${mapName} of the development kit there (lines such as n02119789 1 kit_fox), or give a list of wnids.`,
    )
  const lines = (await read(map)).split('\n').map((line) => line.trim().split(/\s+/))
  const wnids = new Map(lines.map(([wnid, id]): [string, string] => [id, wnid]))
  return new Map(
    pictures.map((name, i) => {
      const wnid = wnids.get(classes[i])
      if (wnid === undefined) throw new AlexNetError('corrupt-data', `${map}: it does not tell class ${classes[i]}`)
      return [name, wnid]
    }),
  )
}

/** The classes in the order of their folders' names. */
async function numberedClasses(root: string): Promise<string[]> {
  const train = join(root, 'train')
  const entries = existsSync(train) ? await readdir(train, { withFileTypes: true }) : []
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

async function findFile(folders: readonly string[], names: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const there: string[] = await readdir(folder).catch(() => [])
    const name = names.find((candidate) => there.includes(candidate))
    if (name !== undefined) return join(folder, name)
  }
  return undefined
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new AlexNetError('missing-data', `cannot read ${file}: ${messageOf(error)}`, 'Check the path.', {
      cause: error,
    })
  })
}
