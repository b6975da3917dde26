import { open, readFile, stat } from 'node:fs/promises'
import type * as z from 'zod'
import { AlexNetError, messageOf } from '../../errors.js'
import { parseLine, parseLines } from '../lines.js'

/** Where a reader of a file of lines has come to. */
export interface LinePosition {
  /** The file that it was: one that was written anew is another. 0: there was none. */
  readonly inode: number
  /** Bytes read, up to the end of a line. */
  readonly offset: number
}

export const atStart: LinePosition = { inode: 0, offset: 0 }

/** What was added to a file of lines. */
export interface NewLines<Line> {
  readonly lines: readonly { readonly value: Line; readonly position: LinePosition }[]
  readonly position: LinePosition
  /** The file was written anew since: these are its lines from the first on. */
  readonly isReset: boolean
}

/** A file that grows faster is read in several goes. */
const MOST_BYTES = 8_000_000

/**
 * Reads a whole file of lines; one that is not there has none.
 * @throws AlexNetError `missing-data` for a file that is there and cannot be read.
 */
export async function readLines<Line>(file: string, schema: z.ZodType<Line>): Promise<Line[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new AlexNetError('missing-data', `cannot read ${file}: ${messageOf(error)}`, undefined, { cause: error })
  })
  return parseLines(schema, text)
}

/** Reads the complete lines after a position; a file that is not there has none. */
export async function linesAfter<Line>(
  file: string,
  schema: z.ZodType<Line>,
  from: LinePosition,
): Promise<NewLines<Line>> {
  const entry = await stat(file).catch(() => undefined)
  if (!entry?.isFile()) return { lines: [], position: atStart, isReset: from.offset > 0 }
  const isReset = from.offset > 0 && (from.inode !== entry.ino || entry.size < from.offset)
  const start = isReset ? 0 : from.offset
  const bytes = Buffer.alloc(Math.min(entry.size - start, MOST_BYTES))
  const handle = await open(file)
  try {
    await handle.read(bytes, 0, bytes.length, start)
  } finally {
    await handle.close()
  }
  const lines: { value: Line; position: LinePosition }[] = []
  let at = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
    const value = parseLine(schema, bytes.toString('utf8', at, end))
    at = end + 1
    if (value !== undefined) lines.push({ value, position: { inode: entry.ino, offset: start + at } })
  }
  return { lines, position: { inode: entry.ino, offset: start + at }, isReset }
}

/** Reads the lines in the last bytes of a file. */
export async function lastLines<Line>(file: string, schema: z.ZodType<Line>, bytes: number): Promise<Line[]> {
  const entry = await stat(file).catch(() => undefined)
  if (!entry) return []
  // Within a line, most likely: its rest is no JSON and is left out.
  const offset = Math.max(0, entry.size - bytes)
  return (await linesAfter(file, schema, { inode: entry.ino, offset })).lines.map(({ value }) => value)
}
