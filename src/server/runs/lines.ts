import { open, stat } from 'node:fs/promises'

/** Where a reader of a file of lines has come to. */
export interface LinePosition {
  /** The file that it was: one that was written anew is another. 0: there was none. */
  readonly inode: number
  /** Bytes read, up to the end of a line. */
  readonly offset: number
}

export const atStart: LinePosition = { inode: 0, offset: 0 }

/** What was added to a file of JSON lines. */
export interface NewLines {
  readonly lines: readonly { readonly value: unknown; readonly position: LinePosition }[]
  readonly position: LinePosition
  /** The file was written anew since: these are its lines from the first on. */
  readonly isReset: boolean
}

/** A file that grows faster is read in several goes. */
const MOST_BYTES = 8_000_000

/** Reads the complete lines after a position; a file that is not there has none. A line that is no JSON is left out. */
export async function linesAfter(file: string, from: LinePosition): Promise<NewLines> {
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
  const lines: { value: unknown; position: LinePosition }[] = []
  let at = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
    const value = parse(bytes.toString('utf8', at, end))
    at = end + 1
    if (value !== undefined) lines.push({ value, position: { inode: entry.ino, offset: start + at } })
  }
  return { lines, position: { inode: entry.ino, offset: start + at }, isReset }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
