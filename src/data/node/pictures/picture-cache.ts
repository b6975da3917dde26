import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { AlexNetError, messageOf } from '../../../errors.js'
import type { Pictures } from '../../pictures.js'
import { dataDirectory } from '../data-directory.js'
import { measureImage } from '../read-image.js'
import type { CacheKind } from './cache-kind.js'
import { type DecodedFiles, decodePictures, type ScanProgress } from './decode-pictures.js'
import type { PictureEntry, SkippedFile } from './picture-list.js'
import { FilePictures, MemoryPictures } from './picture-store.js'

export interface CacheOptions {
  /** A picture whose shorter side is longer is reduced to it. */
  readonly side: number
  /** Default: memory where it has room, else the disk, else none. */
  readonly cache?: CacheKind
  /** Keeps nothing on the disk, whatever there is room for. */
  readonly writesNothing?: boolean
  readonly onProgress?: (progress: ScanProgress) => void
  readonly signal?: AbortSignal
}

/** Pictures that have been read once, and which of them could not be. */
export interface CachedPictures {
  readonly cache: CacheKind
  readonly pictures: Pictures
  /** The places of those in `pictures` among the entries. */
  readonly kept: readonly number[]
  /** A digest of each picture's file, in the order of `kept`. */
  readonly contents: readonly string[]
  readonly skipped: readonly SkippedFile[]
  /** The names of pictures that show one single colour. */
  readonly singleColour: readonly string[]
}

/**
 * Reads all pictures once and keeps them as asked. What a disk holds is used again as long as no file has changed.
 *
 * @param origin The folder or list: names what is kept.
 * @throws AlexNetError `not-writable`, or the signal's reason.
 */
export async function cachePictures(
  origin: string,
  entries: readonly PictureEntry[],
  options: CacheOptions,
): Promise<CachedPictures> {
  const { side } = options
  const { writesNothing = false } = options
  const chosen = options.cache ?? (await chooseCache(entries, side, writesNothing))
  const cache = writesNothing && chosen === 'disk' ? 'none' : chosen
  const read = (store?: MemoryPictures | FilePictures) => decodePictures(entries, { ...options, store })
  if (cache === 'memory') {
    const store = new MemoryPictures()
    return collect(cache, entries, await read(store), { store: await store.finish() })
  }
  const folder = await folderOf(origin, entries, side, cache)
  const pixels = join(folder, 'pixels.bin')
  const where = cache === 'disk' ? { store: { file: pixels } } : { side }
  const known = await readIndex(join(folder, 'index.json'), entries.length)
  if (known) return collect(cache, entries, known, where)
  if (cache === 'none') {
    const decoded = await read()
    // For the next time only: where it cannot be written, nothing is lost.
    if (!writesNothing) await keepIn(folder, async () => decoded).catch(() => undefined)
    return collect(cache, entries, decoded, where)
  }
  const decodeInto = async (part: string) => {
    const store = new FilePictures(join(part, 'pixels.bin'))
    const decoded = await read(store)
    await store.finish()
    return decoded
  }
  try {
    return collect(cache, entries, await keepIn(folder, decodeInto), where)
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new AlexNetError(
      'not-writable',
      `cannot keep the decoded pictures in ${folder}: ${messageOf(error)}`,
      'Set ALEXNET_DATA_DIR to another folder, or give --cache memory.',
      { cause: error },
    )
  }
}

/** Fills a folder beside its place, writes what was found into it, and puts it there. */
async function keepIn(folder: string, fill: (part: string) => Promise<DecodedFiles>): Promise<DecodedFiles> {
  const part = `${folder}.${process.pid}.tmp`
  await mkdir(part, { recursive: true })
  try {
    const decoded = await fill(part)
    await writeFile(join(part, 'index.json'), formatIndex(decoded))
    await replaceFolder(part, folder)
    return decoded
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

/** The pictures that could be read. */
function collect(
  cache: CacheKind,
  entries: readonly PictureEntry[],
  { sizes, starts, contents, skipped, singleColour }: DecodedFiles,
  where: Pick<Extract<Pictures, { kind: 'decoded' }>, 'store'> | Pick<Extract<Pictures, { kind: 'encoded' }>, 'side'>,
): CachedPictures {
  const kept = [...entries.keys()].filter((n) => sizes[2 * n] > 0)
  const pictures: Pictures =
    'store' in where
      ? {
          kind: 'decoded',
          sizes: Uint16Array.from(kept.flatMap((n) => [sizes[2 * n], sizes[2 * n + 1]])),
          starts: Float64Array.from(kept, (n) => starts[n]),
          store: where.store,
        }
      : { kind: 'encoded', files: kept.map((n) => entries[n].file), side: where.side }
  return { cache, pictures, kept, contents: kept.map((n) => contents[n]), skipped, singleColour }
}

/** Pictures that are looked at to estimate how much room all of them take. */
const SAMPLE = 64
/** The shares of the free memory, and of the free disk, that decoded pictures may take. */
const MEMORY_SHARE = 0.4
const DISK_SHARE = 0.5

async function chooseCache(entries: readonly PictureEntry[], side: number, writesNothing: boolean): Promise<CacheKind> {
  const bytes = await estimateBytes(entries, side)
  if (bytes <= MEMORY_SHARE * availableMemory()) return 'memory'
  if (writesNothing) return 'none'
  const directory = dataDirectory()
  const free = await mkdir(directory, { recursive: true })
    .then(() => statfs(directory))
    .then(
      ({ bavail, bsize }) => bavail * bsize,
      () => 0,
    )
  return bytes <= DISK_SHARE * free ? 'disk' : 'none'
}

/** `process.availableMemory` minds the limits of containers; it came with Node 20.13 and 22. */
function availableMemory(): number {
  return process.availableMemory()
}

async function estimateBytes(entries: readonly PictureEntry[], side: number): Promise<number> {
  const sample = Array.from({ length: Math.min(SAMPLE, entries.length) }, (_, i) =>
    Math.floor((i * entries.length) / Math.min(SAMPLE, entries.length)),
  )
  const bytes = await Promise.all(
    sample.map(async (index) => {
      const size = await measureImage(entries[index].file)
      if (!size) return 0
      const reduced = Math.min(1, side / Math.min(size.width, size.height))
      return 3 * size.width * size.height * reduced * reduced
    }),
  )
  return (bytes.reduce((a, b) => a + b, 0) / Math.max(1, bytes.length)) * entries.length
}

/** The folder of what is kept: named after the origin, and after all that it depends on. */
async function folderOf(
  origin: string,
  entries: readonly PictureEntry[],
  side: number,
  cache: CacheKind,
): Promise<string> {
  const content = createHash('sha256').update(`${FORMAT} ${side} ${cache}`)
  for (const { file } of entries) {
    const entry = await stat(file).catch(() => undefined)
    content.update(`\0${file}\0${entry?.size}\0${entry?.mtimeMs}`)
  }
  const name = createHash('sha256').update(resolve(origin)).digest('hex').slice(0, 12)
  return join(dataDirectory(), 'decoded', `${name}-${content.digest('hex').slice(0, 20)}`)
}

const FORMAT = 'alexnet-pictures-3'

const indexSchema = z.strictObject({
  format: z.literal(FORMAT),
  sizes: z.array(z.int().min(0).max(0xffff)),
  starts: z.array(z.number().min(0)),
  contents: z.array(z.string()),
  skipped: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  singleColour: z.array(z.string()),
})

function formatIndex({ sizes, starts, ...rest }: DecodedFiles): string {
  return JSON.stringify({ format: FORMAT, sizes: [...sizes], starts: [...starts], ...rest })
}

/** What was found before; undefined where there is nothing, or nothing that can be used. */
async function readIndex(file: string, count: number): Promise<DecodedFiles | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const { format: _, sizes, starts, ...rest } = indexSchema.parse(JSON.parse(text))
    if (sizes.length !== 2 * count || starts.length !== count || rest.contents.length !== count) return undefined
    return { sizes: Uint16Array.from(sizes), starts: Float64Array.from(starts), ...rest }
  } catch {
    return undefined
  }
}

/** Puts a folder in its place, and removes what was kept of the same origin before. */
async function replaceFolder(part: string, folder: string): Promise<void> {
  const parent = join(folder, '..')
  const prefix = folder.slice(parent.length + 1).split('-')[0]
  await rm(folder, { recursive: true, force: true })
  await rename(part, folder)
  for (const name of await readdir(parent))
    if (name.startsWith(`${prefix}-`) && !name.endsWith('.tmp') && join(parent, name) !== folder)
      await rm(join(parent, name), { recursive: true, force: true })
}
