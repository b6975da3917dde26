import { AlexNetError } from '../errors.js'
import type { Image } from './image.js'

/** The pictures of a data set, wherever they lie. What gives them one by one is a `ReadPicture`. */
export type Pictures = DecodedPictures | EncodedPictures

/** Pixels, of pictures of any sizes: each (3, H, W), R, G, B, 0–255. */
export interface DecodedPictures {
  readonly kind: 'decoded'
  /** Height and width of each picture: (N, 2). */
  readonly sizes: Uint16Array
  /** Where each picture begins in the store, in bytes. */
  readonly starts: Float64Array
  readonly store: MemoryStore | FileStore
}

/** Pixels in memory: shared where the platform has it, so that workers read them too. */
export interface MemoryStore {
  /** One memory cannot be as large as all of it: picture n lies in chunk ⌊start / chunkBytes⌋. */
  readonly chunks: readonly Uint8Array[]
  readonly chunkBytes: number
}

/** Pixels in a file. */
export interface FileStore {
  readonly file: string
}

/** Picture files, to be decoded at every use. */
export interface EncodedPictures {
  readonly kind: 'encoded'
  readonly files: readonly string[]
  /** A picture whose shorter side is longer than this is reduced to it. */
  readonly side: number
}

/** Gives a picture: at once where it lies in memory. */
export type ReadPicture = (index: number) => Image | Promise<Image>

/** A data set's pictures, opened for reading. */
export interface OpenPictures {
  readonly read: ReadPicture
  close(): void
}

/**
 * Pictures of one size, one after the other.
 * @param bytes (N, 3, H, W)
 */
export function equalPictures(height: number, width: number, bytes: Uint8Array): DecodedPictures {
  const size = 3 * height * width
  const count = Math.floor(bytes.length / size)
  return {
    kind: 'decoded',
    sizes: Uint16Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? height : width)),
    starts: Float64Array.from({ length: count }, (_, n) => n * size),
    store: { chunks: [bytes], chunkBytes: Math.max(1, bytes.length) },
  }
}

/**
 * Pictures of one store, one after the other.
 * @throws AlexNetError `invalid-setting` when they lie in different stores.
 */
export function joinedPictures(parts: readonly Pictures[]): Pictures {
  return parts.reduce(joinTwo)
}

function joinTwo(first: Pictures, second: Pictures): Pictures {
  if (first.kind === 'encoded' && second.kind === 'encoded' && first.side === second.side)
    return { ...first, files: [...first.files, ...second.files] }
  if (first.kind === 'decoded' && second.kind === 'decoded' && first.store === second.store)
    return {
      ...first,
      sizes: Uint16Array.from([...first.sizes, ...second.sizes]),
      starts: Float64Array.from([...first.starts, ...second.starts]),
    }
  throw new AlexNetError('invalid-setting', 'pictures that lie in different places cannot be one data set')
}

/**
 * Reads pictures that lie in memory, without a copy.
 * @throws AlexNetError `invalid-setting` when they do not; a reading that fails throws `corrupt-data`.
 */
export function memoryReader(pictures: Pictures, name: string): (index: number) => Image {
  if (pictures.kind !== 'decoded' || !('chunks' in pictures.store))
    throw new AlexNetError('invalid-setting', `the pictures of ${name} do not lie in memory`)
  const { chunks, chunkBytes } = pictures.store
  return (index) => {
    const { start, height, width } = placeOf(pictures, index, name)
    const offset = start % chunkBytes
    const data = chunks[Math.floor(start / chunkBytes)].subarray(offset, offset + 3 * height * width)
    return { shape: [3, height, width], data }
  }
}

/** @throws AlexNetError `corrupt-data` when there is no such picture. */
export function placeOf(
  { sizes, starts }: DecodedPictures,
  index: number,
  name: string,
): { readonly start: number; readonly height: number; readonly width: number } {
  const start: number | undefined = starts[index]
  if (start === undefined)
    throw new AlexNetError('corrupt-data', `${name} has no picture ${index}: it has ${starts.length}`)
  return { start, height: sizes[2 * index], width: sizes[2 * index + 1] }
}

/**
 * The pictures one after the other; of more than `most`, as many, spread evenly.
 * @example for await (const { data, shape } of readPictures(read, 50_000)) …
 */
export async function* readPictures(read: ReadPicture, count: number, most = count): AsyncGenerator<Image> {
  const taken = Math.min(count, most)
  for (let n = 0; n < taken; n++) yield read(Math.floor((n * count) / taken))
}
