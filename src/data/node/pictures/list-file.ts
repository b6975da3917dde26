import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse as parseCsv } from 'csv-parse/sync'
import * as z from 'zod'
import { AlexNetError, messageOf } from '../../../errors.js'
import { type NamedEntry, numberClasses, type PartName, type PictureList } from './picture-list.js'

/** A list of more is no list of pictures. */
const MOST_BYTES = 1e9

/** What the parts are called in lists. */
const partOf: Readonly<Record<string, PartName>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
}

const text = z.union([z.string(), z.number()]).transform(String)
const rowSchema = z.object({ path: text, label: text, split: text.optional() })

/**
 * Reads a list of pictures: CSV with the columns path, label and, if there are parts, split (with or without a line of
 * titles), or JSON Lines of `{"path": …, "label": …, "split": …}`. Paths are relative to the list.
 *
 * @throws AlexNetError `corrupt-data` that names the line.
 */
export async function readListFile(file: string): Promise<PictureList> {
  const { size } = await stat(file)
  if (size > MOST_BYTES)
    throw new AlexNetError('corrupt-data', `${file}: expected a list of pictures, got a file of ${size} bytes`)
  const content = await readFile(file, 'utf8')
  const rows = /\.(jsonl|ndjson)$/i.test(file) ? jsonRows(content, file) : csvRows(content, file)
  const parts: Partial<Record<PartName, NamedEntry[]>> = {}
  for (const { line, row } of rows) {
    const part = row.split === undefined || row.split === '' ? 'train' : partOf[row.split.toLowerCase()]
    if (part === undefined) throw bad(file, line, `expected split train, val or test, got ${JSON.stringify(row.split)}`)
    if (row.path === '' || row.label === '') throw bad(file, line, 'expected a path and a label, got an empty one')
    parts[part] ??= []
    parts[part].push({ file: resolve(dirname(file), row.path), name: row.path, className: row.label })
  }
  return numberClasses(file, parts)
}

interface Row {
  readonly line: number
  readonly row: { readonly path: string; readonly label: string; readonly split?: string }
}

function jsonRows(content: string, file: string): Row[] {
  return content.split('\n').flatMap((text, index) => {
    if (text.trim() === '') return []
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      throw bad(file, index + 1, `not JSON: ${messageOf(error)}`)
    }
    const parsed = rowSchema.safeParse(value)
    if (!parsed.success) throw bad(file, index + 1, 'expected {"path": …, "label": …}')
    return [{ line: index + 1, row: parsed.data }]
  })
}

interface CsvRecord {
  readonly record: string[]
  readonly info: { readonly lines: number }
}

function csvRows(content: string, file: string): Row[] {
  let records: CsvRecord[]
  try {
    const options = { bom: true, skip_empty_lines: true, info: true, relax_column_count: true, trim: true }
    // With `info` a record comes with its place, which the library's types do not say.
    records = parseCsv(content, options) as unknown as CsvRecord[]
  } catch (error) {
    throw new AlexNetError(
      'corrupt-data',
      `${file}: not CSV: ${messageOf(error).split('\n')[0]}`,
      'Expected lines of path,label: give a folder, a .csv or a .jsonl file.',
      { cause: error },
    )
  }
  const titles = records[0]?.record.map((title) => title.toLowerCase()) ?? []
  const hasTitles = titles.includes('path') && titles.includes('label')
  const column = (name: string, otherwise: number) => (hasTitles ? titles.indexOf(name) : otherwise)
  const [path, label, split] = [column('path', 0), column('label', 1), column('split', 2)]
  return records.slice(hasTitles ? 1 : 0).map(({ record, info }) => {
    const parsed = rowSchema.safeParse({ path: record[path], label: record[label], split: record[split] })
    if (!parsed.success) throw bad(file, info.lines, `expected path,label, got ${JSON.stringify(record.join(','))}`)
    return { line: info.lines, row: parsed.data }
  })
}

function bad(file: string, line: number, what: string): AlexNetError {
  return new AlexNetError('corrupt-data', `${file}, line ${line}: ${what}`)
}
