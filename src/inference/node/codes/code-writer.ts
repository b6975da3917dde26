import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { flushToDisk } from '../../../data/node/flush-to-disk.js'
import { AlexNetError, messageOf } from '../../../errors.js'
import { npyHeader, npyValues } from '../../../formats/npy.js'
import { writeHint } from '../../../runs/node/write-atomically.js'

/** Writes codes as they come. The file is in its place only when it is complete. */
export interface CodeWriter {
  /** @param codes (N, size): a row for each file. */
  add(files: readonly string[], codes: Float32Array): Promise<void>
  /** Puts the file in its place. */
  finish(): Promise<void>
  /** Forgets what was written. */
  abandon(): Promise<void>
}

/** How codes are written down, by the ending of the file's name. */
interface CodeFormat {
  begin(size: number): Uint8Array | string
  rows(files: readonly string[], codes: Float32Array, size: number): Uint8Array | string
  /** What the beginning becomes once the number of rows is known; of the same length. */
  completed?(count: number, size: number): Uint8Array
}

const formats: Readonly<Record<string, CodeFormat>> = {
  /** A float32 matrix (N, size) for NumPy. */
  npy: {
    begin: (size) => npyHeader([0, size]),
    rows: (_files, codes) => npyValues(codes),
    completed: (count, size) => npyHeader([count, size]),
  },
  /** `file,0,1,…`: a line for each picture. */
  csv: {
    begin: (size) => `file,${Array.from({ length: size }, (_, i) => i).join(',')}\n`,
    rows: (files, codes, size) =>
      files
        .map((file, n) => `${quoted(file)},${Array.from(codes.subarray(n * size, (n + 1) * size), digits).join(',')}\n`)
        .join(''),
  },
}

/** The endings of files that codes can be written to. */
export const codeFormats = Object.keys(formats)

/**
 * Begins a file of codes beside its place.
 *
 * @param file Ends in `.npy` or `.csv`.
 * @param size Values of one code.
 * @throws AlexNetError `usage` for another ending, `not-writable`.
 */
export async function openCodeWriter(file: string, size: number): Promise<CodeWriter> {
  const format = formats[codeFormatOf(file)]
  const temporary = `${file}.${process.pid}.tmp`
  let count = 0
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      await rm(temporary, { force: true })
      throw new AlexNetError('not-writable', `cannot write ${file}: ${messageOf(error)}`, writeHint(error), {
        cause: error,
      })
    }
  }
  const handle: FileHandle = await guarded(() => open(temporary, 'w'))
  await guarded(() => handle.appendFile(format.begin(size)))
  return {
    async add(files, codes) {
      await guarded(() => handle.appendFile(format.rows(files, codes, size)))
      count += files.length
    },
    async finish() {
      await guarded(async () => {
        const head = format.completed?.(count, size)
        if (head) await handle.write(head, 0, head.length, 0)
        await flushToDisk(handle)
        await handle.close()
        await rename(temporary, file)
      })
    },
    async abandon() {
      await handle.close().catch(() => {})
      await rm(temporary, { force: true })
    },
  }
}

/** @throws AlexNetError `usage` for an ending that is none of `codeFormats`. */
export function codeFormatOf(file: string): string {
  const ending = file.slice(file.lastIndexOf('.') + 1).toLowerCase()
  if (codeFormats.includes(ending)) return ending
  throw new AlexNetError('usage', `${file}: expected a name that ends in .npy or .csv`, 'For example --out codes.npy.')
}

/** A field of CSV (RFC 4180). */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Nine digits tell all float32 numbers apart. */
function digits(value: number): string {
  return String(Number(value.toPrecision(9)))
}
