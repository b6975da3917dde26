import { isPictureName } from './picture-list.js'

/** Which column of a list holds what. */
export interface ListColumns {
  readonly path: number
  readonly label: number
  /** -1: there is none. */
  readonly split: number
}

/** The usual titles, those that say most first: where a list has several of them, the first here holds. */
const titles: Readonly<Record<keyof ListColumns, readonly string[]>> = {
  path: [
    ...['path', 'paths', 'file_path', 'filepath', 'filepaths', 'image_path', 'imagepath', 'img_path'],
    ...['file_name', 'filename', 'filenames', 'file', 'files', 'image_file', 'image_name', 'imagename', 'img_name'],
    ...['image', 'images', 'img', 'picture', 'photo', 'image_id', 'imageid', 'img_id', 'name', 'id'],
  ],
  label: [
    // Names go before numbers.
    ...['class_name', 'classname', 'label_name', 'category_name', 'label', 'labels', 'class', 'classes', 'category'],
    ...['target', 'targets', 'species', 'breed', 'tag', 'type', 'y', 'class_id', 'label_id', 'category_id'],
  ],
  split: ['split', 'set', 'subset', 'partition', 'data_set', 'dataset'],
}

/** The columns that titles name: two that are left over for each other are path and label. */
export function columnsByTitles(line: readonly string[]): ListColumns | undefined {
  const own = line.map((title) =>
    title
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  const find = (column: keyof ListColumns) =>
    titles[column].map((title) => own.indexOf(title)).find((index) => index >= 0) ?? -1
  const [path, label, split] = [find('path'), find('label'), find('split')]
  const others = own.flatMap((_, index) => ([path, label, split].includes(index) ? [] : [index]))
  if (path >= 0 && label >= 0) return { path, label, split }
  if (others.length !== 1) return undefined
  if (path >= 0) return { path, label: others[0], split }
  if (label >= 0) return { path: others[0], label, split }
  return undefined
}

/** What the first lines of a list say of its columns. */
export interface FoundColumns extends ListColumns {
  /** The first line is one of titles. */
  readonly hasTitles: boolean
  /** The first line may be one of titles all the same: it names no picture. */
  readonly isDoubtful: boolean
}

/**
 * Tells the columns of a list with or without a line of titles, which is no picture's.
 * @returns The titles, where there are some that do not tell.
 */
export function findColumns(
  lines: readonly (readonly string[])[],
): FoundColumns | { readonly unknown: readonly string[] } {
  const [first = [], ...rest] = lines
  const picture = first.findIndex(isPicturePath)
  if (picture >= 0) {
    const [label = -1, split = -1] = first.flatMap((_, index) => (index === picture ? [] : [index]))
    return { path: picture, label, split, hasTitles: false, isDoubtful: false }
  }
  const named = columnsByTitles(first)
  if (named) return { ...named, hasTitles: true, isDoubtful: false }
  // Titles that nobody knows: where only one column has pictures, and one other is left, it is clear all the same.
  const second = rest[0] ?? []
  const path = second.findIndex(isPicturePath)
  if (path >= 0 && second.length === 2) return { path, label: 1 - path, split: -1, hasTitles: true, isDoubtful: false }
  if (path >= 0) return { unknown: first }
  return { path: 0, label: 1, split: 2, hasTitles: false, isDoubtful: true }
}

function isPicturePath(cell: string): boolean {
  return isPictureName(cell.replace(/^.*[/\\]/, ''))
}
