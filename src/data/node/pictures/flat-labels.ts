import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, parse } from 'node:path'
import { parse as parseCsv } from 'csv-parse/sync'
import { AlexNetError, messageOf } from '../../../errors.js'
import { decodeListText } from './list-text.js'
import type { PartName } from './picture-list.js'

/** What the lists are called: Kaggle's, Caffe's, TensorFlow's, tiny-imagenet's, the development kit's. */
const listNames: Readonly<Record<PartName, readonly string[]>> = {
  train: ['trainLabels.csv', 'train_labels.csv', 'train.csv', 'train.txt', 'labels.csv'],
  validation: [
    'LOC_val_solution.csv',
    'val.txt',
    'imagenet_2012_validation_synset_labels.txt',
    'val_annotations.txt',
    'ILSVRC2012_validation_ground_truth.txt',
    'valLabels.csv',
    'val_labels.csv',
    'val.csv',
  ],
  // No test.txt and no test.csv: those that are about have no classes, or zeros in their place.
  test: ['testLabels.csv', 'test_labels.csv', 'test_annotations.txt'],
}

/** The development kit's numbers of classes (1–1000) are in an order of their own, which this file tells: `n02119789 1 kit_fox`. */
const mapName = 'map_clsloc.txt'

/** The usual list of a part's classes. */
export function usualList(part: PartName): string {
  return listNames[part][part === 'validation' ? 1 : 0]
}

/** Looks for a list of a part's classes by its usual names, in the folders that may hold it. */
export function findFlatLabels(part: PartName, folders: readonly string[]): Promise<string | undefined> {
  return findFile(folders, listNames[part])
}

/** What is wrong with giving a list that nothing reads. */
export function unreadLabels(file: string, why: string): AlexNetError {
  return new AlexNetError(
    'usage',
    `the list of validation classes, ${file}, would not be read: ${why}`,
    'Leave --val-labels out: it is for a val/ of pictures without class folders.',
  )
}

export interface FlatLabelsOptions {
  /** The names of the pictures without class folders. */
  readonly pictures: readonly string[]
  /** Where `map_clsloc.txt` may lie, besides the list's folder. */
  readonly folders: readonly string[]
  /** The classes that are meant by numbers from 0; without it a number is the name of a class. */
  readonly numbered?: readonly string[]
}

/**
 * The classes of pictures without class folders, from a list:
 *
 * - lines of a picture's name and its class, parted by a comma or by space (what follows is not read): the class is a
 *   wnid, or its number from 0 in the order of the training folders' names (Caffe's val.txt);
 * - or one class a line, in the order of the pictures' names: a wnid, or ILSVRC's own number from 1, for which
 *   `map_clsloc.txt` must lie beside the list.
 *
 * @param file The list.
 * @returns The class of a picture by its name.
 * @throws AlexNetError `missing-data` when it cannot be read, `corrupt-data` when it does not fit the pictures.
 */
export async function readFlatLabels(
  file: string,
  { pictures, folders, numbered }: FlatLabelsOptions,
): Promise<(picture: string) => string> {
  const rows = rowsOf(await read(file), file)
  const stems = new Set(pictures.map((picture) => parse(picture).name))
  const named = rows.some(([first]) => stems.has(parse(first).name))
  const classes = named ? namedClasses(rows) : await orderedClasses(rows, pictures, file, folders)
  return (picture) => {
    const found = classes.get(picture) ?? classes.get(picture.replace(/\.\w+$/, ''))
    if (found === undefined)
      throw new AlexNetError(
        'corrupt-data',
        `${file}: it names no class for ${picture}`,
        'Is it the list of this folder?',
      )
    if (!numbered || !/^\d+$/.test(found)) return found
    const name = numbered[Number(found)]
    if (name === undefined)
      throw new AlexNetError(
        'corrupt-data',
        `${file}: ${picture} has class ${found}, expected 0–${numbered.length - 1} or the name of a class`,
      )
    return name
  }
}

/** Kaggle's classes are followed by boxes: `n01440764 10 20 30 40`. */
const boxes = /^(\S+)(?:\s+-?\d+(?:\.\d+)?){4}/

function rowsOf(content: string, file: string): string[][] {
  if (!/\.csv$/i.test(file))
    return content
      .split('\n')
      .map((line) => line.trim().split(/[\s,]+/))
      .filter(([first]) => first !== '')
  try {
    const options = { bom: true, skip_empty_lines: true, relax_column_count: true, trim: true } as const
    const records = parseCsv(content, options)
    return records.map((record) => record.map((cell) => boxes.exec(cell)?.[1] ?? cell))
  } catch (error) {
    throw new AlexNetError('corrupt-data', `${file}: not CSV: ${messageOf(error).split('\n')[0]}`, undefined, {
      cause: error,
    })
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
  folders: readonly string[],
): Promise<Map<string, string>> {
  if (rows.length !== pictures.length)
    throw new AlexNetError(
      'corrupt-data',
      `${file}: expected a class for each of ${pictures.length} pictures, got ${rows.length} lines`,
    )
  const classes = rows.map(([className]) => className)
  if (!classes.every((name) => /^\d+$/.test(name))) return new Map(pictures.map((name, i) => [name, classes[i]]))
  const map = await findFile([...folders, dirname(file)], [mapName])
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

async function findFile(folders: readonly string[], names: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const there: string[] = await readdir(folder).catch(() => [])
    const name = names.find((candidate) => there.includes(candidate))
    if (name !== undefined) return join(folder, name)
  }
  return undefined
}

async function read(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new AlexNetError('missing-data', `cannot read ${file}: ${messageOf(error)}`, 'Check the path.', {
      cause: error,
    })
  })
  const text = decodeListText(bytes)
  if (text === undefined)
    throw new AlexNetError('corrupt-data', `${file}: expected a list of classes, got a file that is no text`)
  return text
}
