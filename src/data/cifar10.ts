import { AlexNetError } from '../errors.js'
import type { Dataset } from './dataset.js'
import { equalPictures } from './pictures.js'
import { sharedBytes } from './shared-bytes.js'

/** In the order of their labels. */
export const cifar10Classes = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const

const SIDE = 32
/** Bytes of a picture: its R, G and B planes. */
export const PICTURE = 3 * SIDE * SIDE

/** A record of the binary version: one label byte, then the picture's R, G and B planes. */
export const RECORD = 1 + PICTURE

/** One file of the binary version of CIFAR-10. The official ones hold 10,000 records each. */
export interface Cifar10File {
  /** What messages call it. */
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * Reads one part of CIFAR-10, the training or the test part, from its files in the binary layout
 * (https://www.cs.toronto.edu/~kriz/cifar.html), in the order given.
 *
 * @param name What messages call the part.
 * @throws AlexNetError `corrupt-data` when a file does not hold whole records or a label is not 0–9.
 * @example const test = parseCifar10([{ name: 'test_batch.bin', bytes }], 'cifar10 test')
 */
export function parseCifar10(files: readonly Cifar10File[], name = 'cifar10'): Dataset {
  const counts = files.map((file) => recordsIn(file.name, file.bytes.length))
  const part = emptyCifar10(counts.reduce((a, b) => a + b, 0))
  let first = 0
  for (const [n, file] of files.entries()) {
    unpackRecords(file, part, first)
    first += counts[n]
  }
  return cifar10Dataset(part, name)
}

/** The contents of records, taken apart. */
export interface Cifar10Records {
  /** (N, 3, 32, 32) */
  readonly images: Uint8Array
  readonly labels: Uint16Array
}

/** Room for `count` pictures, to be filled by `unpackRecords`. */
export function emptyCifar10(count: number): Cifar10Records {
  return { images: sharedBytes(count * PICTURE), labels: new Uint16Array(count) }
}

export function cifar10Dataset({ images, labels }: Cifar10Records, name: string): Dataset {
  return { name, classes: cifar10Classes, pictures: equalPictures(SIDE, SIDE, images), labels }
}

/**
 * The number of records in a file of `size` bytes.
 * @throws AlexNetError `corrupt-data` unless there are one or more, and all whole.
 */
export function recordsIn(name: string, size: number): number {
  if (size === 0 || size % RECORD !== 0)
    throw new AlexNetError(
      'corrupt-data',
      `${name}: expected whole records of ${RECORD} bytes (10,000 of them in an official file), got ${size} bytes`,
      'Download CIFAR-10 again, in its binary version.',
    )
  return size / RECORD
}

/**
 * Copies the records of a file into a part, from picture `first` on.
 * @throws AlexNetError `corrupt-data` for a label that is not 0–9.
 */
export function unpackRecords({ name, bytes }: Cifar10File, part: Cifar10Records, first: number): void {
  const count = bytes.length / RECORD
  for (let n = 0; n < count; n++) {
    const at = n * RECORD
    const label = bytes[at]
    if (label >= cifar10Classes.length)
      throw new AlexNetError(
        'corrupt-data',
        `${name}: record ${n} has label ${label}, expected 0–${cifar10Classes.length - 1}`,
        'Download CIFAR-10 again, in its binary version.',
      )
    part.labels[first + n] = label
    part.images.set(bytes.subarray(at + 1, at + RECORD), (first + n) * PICTURE)
  }
}
