import { random } from '../random.js'
import { sizeOf, type Tensor } from '../tensor.js'
import { type Mix, mixPictures } from './mix/mix.js'
import type { ReadPicture } from './pictures.js'
import { type Preprocessing, preparedShape, preprocess } from './preprocessing.js'

/** Prepared pictures and their labels: what one step of training, or one call of the net, gets. */
export interface Batch {
  /** (N, 3, H, W), normalised. */
  readonly images: Tensor<'float32'>
  /** (N): class indices, each picture's own. */
  readonly labels: Tensor<'int32'>
  /** How the pictures have been mixed with each other, if they have. */
  readonly mix?: Mix
}

/** The pictures of a batch and what they are prepared for. */
export interface BatchPlan {
  readonly indices: ArrayLike<number>
  /** Undefined: without augmentation. */
  readonly epoch: number | undefined
  /** What their augmentation is drawn for in place of the epoch, where a picture may come twice in one. */
  readonly rounds?: ArrayLike<number>
  /** How they are mixed, once they are prepared; default: not at all. */
  readonly mix?: Mix | undefined
}

/** What batches are made of. */
export interface BatchSource {
  readonly read: ReadPicture
  /** One class index for each picture. */
  readonly labels: Uint16Array
  readonly preprocessing: Preprocessing
  /** The run's seed; it plays no part in a test. */
  readonly seed: number
}

/** Memory for `count` prepared pictures. */
export function emptyBatch(preprocessing: Preprocessing, count: number): Batch {
  const shape = preparedShape(preprocessing, count)
  return {
    images: { dtype: 'float32', shape, data: new Float32Array(sizeOf(shape)) },
    labels: { dtype: 'int32', shape: [count], data: new Int32Array(count) },
  }
}

/**
 * Prepares pictures into a batch that is there; every value of it is written. A picture's random numbers are keyed by
 * (seed, epoch, picture), where it may come more than once in an epoch by (seed, round, picture): they depend neither on
 * its batch nor on who prepares it.
 */
export async function fillBatch(
  { images, labels: target }: Omit<Batch, 'mix'>,
  { read, labels, preprocessing, seed }: BatchSource,
  { indices, epoch, rounds, mix }: BatchPlan,
): Promise<void> {
  // All readings begin at once: those from a disk go on beside each other.
  const pictures = Array.from(indices, read)
  const values = images.data.length / indices.length
  try {
    for (let n = 0; n < indices.length; n++) {
      const index = indices[n]
      const picture = pictures[n]
      // Waiting for what is there already would cost more than small pictures do.
      const { data, shape } = picture instanceof Promise ? await picture : picture
      const stream = epoch === undefined ? undefined : random(seed, 'augmentation', rounds?.[n] ?? epoch, index)
      preprocess(data, shape, preprocessing, stream, images.data, n * values)
      target.data[n] = labels[index]
    }
    if (mix) mixPictures(images.data, images.shape, mix)
  } finally {
    // After one error the others must not count as unhandled.
    await Promise.allSettled(pictures)
  }
}
