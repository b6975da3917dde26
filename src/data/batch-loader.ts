import { AlexNetError } from '../errors.js'
import { type Batch, emptyBatch, fillBatch } from './batch.js'
import type { Dataset } from './dataset.js'
import { epochOrder } from './epoch-order.js'
import { checkPreprocessing, type Preprocessing } from './preprocessing.js'

/** Gives the batches of training. Whatever prepares them, the same options give the same bytes. */
export interface BatchLoader {
  /** Full batches in an epoch. */
  readonly batchesPerEpoch: number
  /**
   * The batches of one epoch in order, from batch number `from` on. The last, incomplete batch is dropped: its pictures
   * come in another epoch, since every epoch has its own order. Leaving the loop early is fine.
   */
  train(epoch: number, from?: number): AsyncIterable<Batch>
  /**
   * Gives a batch's memory back to be filled again; the batch must not be used afterwards. Whoever does not call it
   * leaves the memory to the garbage collector.
   */
  release(batch: Batch): void
  close(): Promise<void>
}

export interface LoaderOptions {
  readonly dataset: Dataset
  readonly preprocessing: Preprocessing
  /** Pictures in a batch. */
  readonly batchSize: number
  /** The run's seed. */
  readonly seed: number
}

/**
 * A loader that prepares each batch when it is asked for, in the calling thread: for browsers, and for pictures so small
 * that workers would not pay.
 *
 * @throws AlexNetError `invalid-setting` when the preprocessing does not fit the pictures, or there is not one full batch.
 * @example
 * for await (const batch of batchLoader({ dataset, preprocessing, batchSize: 128, seed: 1 }).train(0)) {
 *   await executable.run(batch)
 * }
 */
export function batchLoader(options: LoaderOptions): BatchLoader {
  const { dataset, preprocessing, batchSize, seed } = options
  const batchesPerEpoch = checkLoaderOptions(options)
  const spare: Batch[] = []
  return {
    batchesPerEpoch,
    async *train(epoch, from = 0) {
      const order = epochOrder(dataset.labels.length, seed, epoch)
      for (let number = from; number < batchesPerEpoch; number++) {
        const batch = spare.pop() ?? emptyBatch(preprocessing, batchSize)
        fillBatch(batch, dataset, preprocessing, batchIndices(order, batchSize, number), epoch, seed)
        yield batch
      }
    },
    release(batch) {
      // One batch is out at a time, so one spare is enough.
      if (spare.length === 0) spare.push(batch)
    },
    async close() {},
  }
}

/** The pictures of one batch of an epoch. */
export function batchIndices(order: Uint32Array, batchSize: number, number: number): Uint32Array {
  return order.subarray(number * batchSize, (number + 1) * batchSize)
}

/** Checks the options, once for all batches. @returns The number of full batches in an epoch, at least 1. */
export function checkLoaderOptions({ dataset, preprocessing, batchSize }: LoaderOptions): number {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new AlexNetError('invalid-setting', `the batch size must be a whole number above 0, got ${batchSize}`)
  checkPreprocessing(preprocessing, dataset.imageShape)
  const count = dataset.labels.length
  if (count < batchSize)
    throw new AlexNetError(
      'invalid-setting',
      `${dataset.name} has ${count} pictures, fewer than one batch of ${batchSize}`,
      `Choose a batch size of at most ${count}.`,
    )
  return Math.floor(count / batchSize)
}
