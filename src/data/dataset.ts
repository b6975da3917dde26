import type { Image } from './image.js'
import { joinedPictures, memoryReader, type Pictures, readPictures } from './pictures.js'

/** A labelled set of pictures. Plain data: it crosses to worker threads as it stands. */
export interface Dataset {
  /** What messages call it: `cifar10 train`. */
  readonly name: string
  /** The classes' names; a label is an index into them. */
  readonly classes: readonly string[]
  readonly pictures: Pictures
  /** One class index for each picture. */
  readonly labels: Uint16Array
  /** What people call each picture, where it has a name: its path within the folder. */
  readonly names?: readonly string[]
  /** A digest of each picture's file, where it is one: copies have the same. */
  readonly contents?: readonly string[]
}

/** The parts of a data set. `validation` is not learnt from, and chooses the best checkpoint; nothing is chosen by `test`. */
export interface DatasetParts {
  readonly train: Dataset
  readonly validation?: Dataset
  readonly test?: Dataset
}

/**
 * The pictures of a data set that lies in memory, one after the other.
 * @throws AlexNetError `invalid-setting` when it does not.
 * @example const normalisation = await measureNormalisation(imagesOf(train), 'channel', 32)
 */
export function imagesOf({ pictures, name, labels }: Dataset): AsyncGenerator<Image> {
  return readPictures(memoryReader(pictures, name), labels.length)
}

/**
 * Parts of the same pictures as one: what `subset` has divided.
 * @throws AlexNetError `invalid-setting` when they lie in different places.
 */
export function joined(parts: readonly Dataset[]): Dataset {
  const [first] = parts
  const of = <T>(list: (part: Dataset) => Iterable<T> | undefined) => parts.flatMap((part) => [...(list(part) ?? [])])
  return {
    ...first,
    labels: Uint16Array.from(of(({ labels }) => labels)),
    ...(first.names && { names: of(({ names }) => names) }),
    ...(first.contents && { contents: of(({ contents }) => contents) }),
    pictures: joinedPictures(parts.map(({ pictures }) => pictures)),
  }
}

/** Some of the pictures, in the order of `indices`. No pixel is copied. */
export function subset(dataset: Dataset, indices: readonly number[], name: string): Dataset {
  const { pictures, labels, names, contents } = dataset
  return {
    ...dataset,
    name,
    labels: Uint16Array.from(indices, (index) => labels[index]),
    ...(names && { names: indices.map((index) => names[index]) }),
    ...(contents && { contents: indices.map((index) => contents[index]) }),
    pictures:
      pictures.kind === 'encoded'
        ? { ...pictures, files: indices.map((index) => pictures.files[index]) }
        : {
            ...pictures,
            sizes: Uint16Array.from(indices.flatMap((n) => [pictures.sizes[2 * n], pictures.sizes[2 * n + 1]])),
            starts: Float64Array.from(indices, (index) => pictures.starts[index]),
          },
  }
}

/** How many pictures there are of each class, by the label. */
export function classCounts({ classes, labels }: Pick<Dataset, 'classes' | 'labels'>): number[] {
  const counts = classes.map(() => 0)
  for (const label of labels) counts[label]++
  return counts
}

/** The places of each class's pictures, by the label. */
export function placesByClass({ classes, labels }: Pick<Dataset, 'classes' | 'labels'>): number[][] {
  const places: number[][] = classes.map(() => [])
  for (let n = 0; n < labels.length; n++) places[labels[n]].push(n)
  return places
}
