import sharp from 'sharp'
import { AlexNetError } from '../../../errors.js'
import { fileSha256 } from '../file-sha256.js'
import { readImage, reasonOf } from '../read-image.js'
import type { PictureEntry, SkippedFile } from './picture-list.js'
import { CHUNK_BYTES, type PictureStore } from './picture-store.js'

/** How far a scan has come. */
export interface ScanProgress {
  readonly done: number
  readonly total: number
}

/** What a scan of picture files has found: for each file its size and place, or why it is left out. */
export interface DecodedFiles {
  /** Height and width: (N, 2); 0 where the file is left out. */
  readonly sizes: Uint16Array
  readonly starts: Float64Array
  /** A digest of each file; empty where the file is left out. */
  readonly contents: readonly string[]
  readonly skipped: readonly SkippedFile[]
  /** The names of pictures that show one single colour. */
  readonly singleColour: readonly string[]
}

/** Hexadecimal digits of a digest: 96 bits tell any number of pictures apart. */
const DIGITS = 24

/** Pictures that are read at a time: those that wait for the disk leave the processor to the others. */
const AT_A_TIME = 8

/**
 * Reads all pictures once, reduced to `side`: what cannot be read is known before training begins.
 *
 * @param store Where the pixels are kept; without one they are only checked.
 * @throws The signal's reason when it is aborted, and the store's errors.
 */
export async function decodePictures(
  entries: readonly Pick<PictureEntry, 'file' | 'name'>[],
  options: {
    readonly side: number
    readonly store?: PictureStore
    readonly onProgress?: (progress: ScanProgress) => void
    readonly signal?: AbortSignal
  },
): Promise<DecodedFiles> {
  const { side, store, onProgress, signal } = options
  const total = entries.length
  const sizes = new Uint16Array(2 * total)
  const starts = new Float64Array(total)
  const contents: string[] = Array.from({ length: total }, () => '')
  const skipped: { readonly index: number; readonly reason: string }[] = []
  const singleColour: number[] = []
  let next = 0
  let done = 0

  async function decode(index: number): Promise<void> {
    try {
      const { shape, data } = await readImage(entries[index].file, { side })
      const [, height, width] = shape
      if (data.length > CHUNK_BYTES || Math.max(height, width) > 0xffff)
        throw new AlexNetError('invalid-image', `too long and narrow: ${width}×${height}`)
      // The system has the file at hand: it was read just now.
      contents[index] = (await fileSha256(entries[index].file)).slice(0, DIGITS)
      if (store) starts[index] = await store.add(data)
      if (isSingleColour(data)) singleColour.push(index)
      sizes.set([height, width], 2 * index)
    } catch (error) {
      if (!(error instanceof AlexNetError) || error.code === 'not-writable') throw error
      skipped.push({ index, reason: reasonOf(error, entries[index].file) })
    }
  }

  async function work(): Promise<void> {
    while (next < total) {
      signal?.throwIfAborted()
      await decode(next++)
      onProgress?.({ done: ++done, total })
    }
  }

  // Many small pictures go through faster when each keeps to one thread.
  const threads = sharp.concurrency()
  sharp.concurrency(1)
  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, work))
  } finally {
    sharp.concurrency(threads)
  }
  // After the last pictures, too: what follows is not to be begun.
  signal?.throwIfAborted()
  skipped.sort((a, b) => a.index - b.index)
  return {
    sizes,
    starts,
    contents,
    skipped: skipped.map(({ index, reason }) => ({ name: entries[index].name, reason })),
    singleColour: singleColour.sort((a, b) => a - b).map((index) => entries[index].name),
  }
}

/** @param planes Red, green and blue, one after the other. */
function isSingleColour(planes: Uint8Array): boolean {
  const plane = planes.length / 3
  for (let i = 0; i < planes.length; i++) if (planes[i] !== planes[i - (i % plane)]) return false
  return true
}
