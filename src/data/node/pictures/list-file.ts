import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { parse as parseCsv } from 'csv-parse/sync'
import * as z from 'zod'
import { AlexNetError, messageOf } from '../../../errors.js'
import { columnsByTitles, findColumns, type ListColumns } from './list-columns.js'
import { resolvePaths } from './list-paths.js'
import { decodeListText } from './list-text.js'
import { numberClasses } from './number-classes.js'
import { partCalled } from './part-names.js'
import type { NamedEntry, PartName, PictureList } from './picture-list.js'

/** A list of more is no list of pictures. */
const MOST_BYTES = 1e9

/**
 * Reads a list of pictures: CSV with a column of paths, one of classes and, if there are parts, one of splits, with or
 * without a line of titles; or JSON Lines of `{"path": …, "label": …, "split": …}`. See `findColumns` for the titles,
 * `resolvePaths` for what paths are relative to, `decodeListText` for encodings.
 *
 * @throws AlexNetError `corrupt-data` that names the line, or `missing-data` when the pictures are not there.
 */
export async function readListFile(file: string): Promise<PictureList> {
  const { size } = await stat(file)
  if (size > MOST_BYTES)
    throw new AlexNetError('corrupt-data', `${file}: expected a list of pictures, got a file of ${size} bytes`)
  const content = decodeListText(await readFile(file))
  if (content === undefined)
    throw new AlexNetError(
      'corrupt-data',
      `${file}: expected a list of pictures, got a file that is no text`,
      'Give a folder, a .csv or a .jsonl file; an archive has to be unpacked first.',
    )
  const { rows, isDoubtful } = /\.(jsonl|ndjson)$/i.test(file) ? jsonRows(content, file) : csvRows(content, file)
  for (const { line, path, label } of rows)
    if (path === '' || label === '') throw bad(file, line, 'expected a path and a label, got an empty one')
  const paths = rows.map(({ path }) => path)
  const place = paths.length > 0 ? await resolvePaths(file, paths) : String
  if (isDoubtful && rows.length > 1 && !existsSync(place(rows[0].path)))
    throw unclear(file, [rows[0].path, rows[0].label])
  const parts: Partial<Record<PartName, NamedEntry[]>> = {}
  for (const { line, path, label, split } of rows) {
    const part = split === '' ? 'train' : partCalled(split)
    if (part === undefined) throw bad(file, line, `expected split train, val or test, got ${JSON.stringify(split)}`)
    parts[part] ??= []
    parts[part].push({ file: place(path), name: path, className: label })
  }
  return numberClasses(file, parts)
}

/** What one line says. */
interface Row {
  readonly line: number
  readonly path: string
  readonly label: string
  /** Empty: no part is named. */
  readonly split: string
}

const cellSchema = z.union([z.string(), z.number()]).transform(String)
const objectSchema = z.record(z.string(), z.unknown())

interface Rows {
  readonly rows: readonly Row[]
  /** The first may be a line of titles. */
  readonly isDoubtful: boolean
}

function jsonRows(content: string, file: string): Rows {
  const rows = content.split('\n').flatMap((text, index) => {
    if (text.trim() === '') return []
    const line = index + 1
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      throw bad(file, line, `not JSON: ${messageOf(error)}`)
    }
    const object = objectSchema.safeParse(value)
    const columns = object.success ? columnsByTitles(Object.keys(object.data)) : undefined
    const cells = Object.values(object.data ?? {}).map((cell) => cellSchema.safeParse(cell).data)
    const row = columns && rowOf(line, cells, columns)
    if (!row) throw bad(file, line, 'expected {"path": …, "label": …}')
    return [row]
  })
  return { rows, isDoubtful: false }
}

function rowOf(line: number, cells: readonly (string | undefined)[], columns: ListColumns): Row | undefined {
  const [path, label, split = ''] = [cells[columns.path], cells[columns.label], cells[columns.split]]
  return path === undefined || label === undefined ? undefined : { line, path, label, split }
}

interface CsvRecord {
  readonly record: string[]
  readonly info: { readonly lines: number }
}

/** What parts the cells of a line: what the first line has most of, the usual one first. */
const delimiters = [',', ';', '\t', '|']

function delimiterOf(content: string): string {
  const [first] = content.trimStart().split(/\r?\n/, 1)
  const outside = first.replace(/"[^"]*"/g, '')
  const counts = delimiters.map((delimiter) => outside.split(delimiter).length - 1)
  const most = Math.max(...counts)
  // Caffe's lists: names may hold spaces, so these part only a picture from its class.
  if (most === 0 && /^\S+\.\w+ +\S+$/.test(first)) return ' '
  return delimiters[counts.indexOf(most)]
}

function csvRows(content: string, file: string): Rows {
  let records: CsvRecord[]
  try {
    const options = { bom: true, skip_empty_lines: true, info: true, relax_column_count: true, trim: true }
    // With `info` a record comes with its place, which the library's types do not say.
    records = parseCsv(content, { ...options, delimiter: delimiterOf(content) }) as unknown as CsvRecord[]
  } catch (error) {
    throw new AlexNetError(
      'corrupt-data',
      `${file}: not CSV: ${messageOf(error).split('\n')[0]}`,
      'Expected lines of path,label: give a folder, a .csv or a .jsonl file.',
      { cause: error },
    )
  }
  const found = findColumns(records.slice(0, 2).map(({ record }) => record))
  if ('unknown' in found) throw unclear(file, found.unknown)
  const rows = records.slice(found.hasTitles ? 1 : 0).map(({ record, info }) => {
    const row = rowOf(info.lines, record, found)
    if (!row) throw bad(file, info.lines, `expected path,label, got ${JSON.stringify(record.join(','))}`)
    return row
  })
  return { rows, isDoubtful: found.isDoubtful }
}

function unclear(file: string, titles: readonly string[]): AlexNetError {
  return new AlexNetError(
    'corrupt-data',
    `${file}: its first line is ${JSON.stringify(titles.join(','))}: which column is the path, and which the class, is not clear`,
    'Title them path and label (and split, if there are parts).',
  )
}

function bad(file: string, line: number, what: string): AlexNetError {
  return new AlexNetError('corrupt-data', `${file}, line ${line}: ${what}`)
}
