import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SkippedFile } from '../../../data/node/pictures/picture-list.js'
import { AlexNetError } from '../../../errors.js'
import { codeLayer } from '../../../programs/activations-program.js'
import { type EncodeOptions, encodePictures } from '../codes/encode-pictures.js'
import { readCodes } from '../codes/read-codes.js'
import { noneRead } from '../codes/write-codes.js'

export interface SimilarOptions extends Omit<EncodeOptions, 'files'> {
  /** The picture to compare with. */
  readonly image: string
  /** The pictures to search, or a `.npy` file that `writeCodes` has made of them with the same network. */
  readonly among: readonly string[] | string
  /** How many to return. */
  readonly top: number
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

export interface SimilarPicture {
  readonly file: string
  /** Euclidean distance of the codes. */
  readonly distance: number
}

export interface Similar {
  readonly image: string
  readonly layer: string
  /** The nearest first; of equals the one that came first. */
  readonly nearest: readonly SimilarPicture[]
  /** Pictures that were compared. */
  readonly compared: number
  readonly skipped: readonly SkippedFile[]
}

/**
 * Finds the pictures whose codes have the smallest Euclidean distance to that of `image`, as in the paper's figure 4. The
 * picture itself, where it is among them, is left out.
 *
 * @throws AlexNetError `invalid-image` when `image`, or every other picture, cannot be read, `incompatible-state` for codes
 * of another network, and as `encodePictures` does.
 * @example
 * const { nearest } = await findSimilar({ checkpoint, engine, image: 'cat.jpg', among: files, top: 5 })
 */
export async function findSimilar(options: SimilarOptions): Promise<Similar> {
  const { image, among, top, onProgress } = options
  const stored = typeof among === 'string' ? await readCodes(among, options) : undefined
  const layer = stored?.layer ?? options.layer ?? codeLayer(options.checkpoint.model)
  const others = await withoutFile(stored?.files ?? (among as readonly string[]), image)

  let query: Float32Array | undefined
  let nearest: SimilarPicture[] = []
  let compared = 0
  const skipped: SkippedFile[] = []
  const compare = (file: string, codes: Float32Array, from: number) => {
    compared++
    const distance = distanceOf(query!, codes, from)
    const last = nearest[top - 1]
    if (last && last.distance <= distance) return
    nearest = [...nearest, { file, distance }].sort((a, b) => a.distance - b.distance).slice(0, top)
  }

  const files = [image, ...(stored ? [] : others)]
  for await (const batch of encodePictures({ ...options, files, layer })) {
    const { files: read, codes, size } = batch
    if (!query && read[0] !== image) throw unreadable(batch.skipped[0])
    const first = query ? 0 : 1
    query ??= codes.slice(0, size)
    for (let n = first; n < read.length; n++) compare(read[n], codes, n * size)
    skipped.push(...batch.skipped)
    onProgress?.({ done: compared + skipped.length, total: files.length - 1 })
  }
  if (stored) {
    const wanted = new Set(others)
    stored.files.forEach((file, n) => {
      if (wanted.has(file)) compare(file, stored.codes, n * stored.size)
    })
  }
  if (compared === 0 && skipped.length > 0) throw noneRead(skipped)
  return { image, layer, nearest, compared, skipped }
}

/** The files but for this one, which may be there under another path. */
async function withoutFile(files: readonly string[], image: string): Promise<string[]> {
  const placeOf = (file: string) => realpath(file).catch(() => resolve(file))
  const own = await placeOf(image)
  const places = await Promise.all(files.map(placeOf))
  return files.filter((_, n) => places[n] !== own)
}

function unreadable({ name, reason }: SkippedFile): AlexNetError {
  return new AlexNetError('invalid-image', `${name}: ${reason}`)
}

function distanceOf(query: Float32Array, codes: Float32Array, from: number): number {
  let sum = 0
  for (let i = 0; i < query.length; i++) sum += (query[i] - codes[from + i]) ** 2
  return Math.sqrt(sum)
}
