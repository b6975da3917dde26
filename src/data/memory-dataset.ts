import { AlexNetError } from '../errors.js'
import { sizeOf } from '../tensor.js'
import type { Dataset } from './dataset.js'
import type { Image } from './image.js'
import { sharedBytes } from './shared-bytes.js'

/** Pictures in memory with what they show. */
export interface LabelledPictures {
  /** What messages and the report call it: `moons train`. */
  readonly name: string
  /** The classes' names. */
  readonly classes: readonly string[]
  /** Of any sizes. They are copied. */
  readonly pictures: readonly Image[]
  /** One for each picture: an index into `classes`. */
  readonly labels: ArrayLike<number>
}

/**
 * A data set of pictures that lie in memory, where all threads can read them.
 *
 * @throws AlexNetError `invalid-setting` when pictures, labels and classes do not fit each other.
 * @example
 * const train = memoryDataset({ name: 'scans train', classes: ['good', 'bad'], pictures, labels: [0, 1, 1, 0] })
 */
export function memoryDataset({ name, classes, pictures, labels }: LabelledPictures): Dataset {
  const ends = pictures.map(() => 0)
  const bytes = pictures.reduce((start, { shape }, n) => {
    ends[n] = start + sizeOf(shape)
    return ends[n]
  }, 0)
  const memory = sharedBytes(bytes)
  pictures.forEach(({ shape, data }, n) => {
    if (shape.length !== 3 || shape[0] !== 3 || data.length !== sizeOf(shape))
      throw new AlexNetError(
        'invalid-setting',
        `${name}: picture ${n} is ${shape.join('×')} with ${data.length} values, expected 3×H×W with as many`,
      )
    memory.set(data, ends[n] - data.length)
  })
  const dataset = {
    name,
    classes,
    labels,
    pictures: {
      kind: 'decoded' as const,
      sizes: Uint16Array.from(pictures.flatMap(({ shape: [, height, width] }) => [height, width])),
      starts: Float64Array.from(pictures, ({ shape }, n) => ends[n] - sizeOf(shape)),
      store: { chunks: [memory], chunkBytes: Math.max(1, bytes) },
    },
  }
  checkDataset(dataset)
  return { ...dataset, labels: Uint16Array.from(labels) }
}

/** @throws AlexNetError `invalid-setting` when a program's own data set does not fit itself. */
export function checkDataset({
  name,
  classes,
  pictures,
  labels,
}: Omit<Dataset, 'labels'> & { readonly labels: ArrayLike<number> }): void {
  const wrong = (problem: string) => new AlexNetError('invalid-setting', `${name}: ${problem}`)
  if (classes.length === 0) throw wrong('expected the names of its classes, got none')
  const twice = classes.find((label, n) => classes.indexOf(label) !== n)
  if (twice !== undefined) throw wrong(`two classes are called '${twice}'`)
  const count = pictures.kind === 'encoded' ? pictures.files.length : pictures.starts.length
  if (labels.length !== count) throw wrong(`expected a label for each of ${count} pictures, got ${labels.length}`)
  if (count === 0) throw wrong('expected pictures, got none')
  const strange = Array.from(labels).findIndex(
    (label) => !(Number.isInteger(label) && label >= 0 && label < classes.length),
  )
  if (strange >= 0)
    throw wrong(
      `the label of picture ${strange} is ${labels[strange]}, expected 0–${classes.length - 1}: one of its classes`,
    )
}
