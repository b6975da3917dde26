import { AlexNetError } from '../errors.js'
import { random } from '../random.js'
import { sizeOf, type Tensor } from '../tensor.js'
import type { Dataset } from './dataset.js'
import { inputShape, type Preprocessing, preprocess } from './preprocessing.js'

/** Prepared pictures and their labels: what one step of training, or one call of the net, gets. */
export interface Batch {
  /** (N, 3, H, W), normalised. */
  readonly images: Tensor<'float32'>
  /** (N): class indices. */
  readonly labels: Tensor<'int32'>
}

/**
 * Prepares the pictures `indices` of a data set.
 *
 * @param epoch The epoch of training, which the augmentation is drawn for; undefined: a test, without chance.
 * @param seed The run's seed; it plays no part in a test.
 * @throws AlexNetError `corrupt-data` when the data set has no such picture.
 * @example makeBatch(cifar10.test, preprocessing, [0, 1, 2], undefined, 0)
 */
export function makeBatch(
  dataset: Dataset,
  preprocessing: Preprocessing,
  indices: ArrayLike<number>,
  epoch: number | undefined,
  seed: number,
): Batch {
  const batch = emptyBatch(preprocessing, indices.length)
  fillBatch(batch, dataset, preprocessing, indices, epoch, seed)
  return batch
}

/** Memory for `count` prepared pictures. */
export function emptyBatch(preprocessing: Preprocessing, count: number): Batch {
  const shape = [count, ...inputShape(preprocessing)]
  return {
    images: { dtype: 'float32', shape, data: new Float32Array(sizeOf(shape)) },
    labels: { dtype: 'int32', shape: [count], data: new Int32Array(count) },
  }
}

/**
 * As `makeBatch`, into a batch that is there; every value of it is written. A picture's random numbers are keyed by
 * (seed, epoch, picture), so they depend neither on its batch nor on who prepares it.
 */
export function fillBatch(
  batch: Batch,
  dataset: Dataset,
  preprocessing: Preprocessing,
  indices: ArrayLike<number>,
  epoch: number | undefined,
  seed: number,
): void {
  const pixels = sizeOf(dataset.imageShape)
  const values = batch.images.data.length / indices.length
  for (let n = 0; n < indices.length; n++) {
    const index = indices[n]
    const bytes = dataset.images.subarray(index * pixels, (index + 1) * pixels)
    const label: number | undefined = dataset.labels[index]
    if (label === undefined || bytes.length !== pixels)
      throw new AlexNetError(
        'corrupt-data',
        `${dataset.name} has no picture ${index}: it has ${dataset.labels.length} labels and ${dataset.images.length / pixels} pictures`,
      )
    const stream = epoch === undefined ? undefined : random(seed, 'augmentation', epoch, index)
    preprocess(bytes, dataset.imageShape, preprocessing, stream, batch.images.data, n * values)
    batch.labels.data[n] = label
  }
}
