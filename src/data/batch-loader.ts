import { AlexNetError } from '../errors.js'
import { random } from '../random.js'
import { type Batch, type BatchPlan, type BatchSource, emptyBatch, fillBatch } from './batch.js'
import type { Dataset } from './dataset.js'
import { drawMix } from './mix/mix.js'
import { type MixingSettings, resolveMixing } from './mix/mixing.js'
import { memoryReader } from './pictures.js'
import { checkPreprocessing, inputShape, type Preprocessing } from './preprocessing.js'
import { epochUses, type Sampling } from './sampling.js'

/**
 * Gives the batches of training and of evaluation, of `batchSize` pictures, drawn by `seed`, and of training mixed as `mix`
 * says. Whatever prepares them, the same options give the same bytes.
 */
export interface BatchLoader extends Pick<LoaderOptions, 'batchSize' | 'seed' | 'mix'> {
  /** Full batches in an epoch. */
  readonly batchesPerEpoch: number
  /**
   * The batches of one epoch in order, from batch number `from` on. The last, incomplete batch is dropped: its pictures
   * come in another epoch, since every epoch has its own order (and a balanced one goes on where the last has ended). Leaving the loop early is fine.
   */
  train(epoch: number, from?: number): AsyncIterable<Batch>
  /** All pictures once, in the data set's order and without augmentation; the last batch may be smaller. */
  inOrder(): AsyncIterable<Batch>
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
  /** The run's seed: the order of the pictures and their augmentation, and what the training draws, follow from it. */
  readonly seed: number
  /**
   * `balanced`: of each class equally many pictures come in training, so that those of rare classes come more often, each
   * time augmented anew. Default: every picture comes once an epoch.
   */
  readonly sampling?: Sampling
  /** How the pictures of a batch of training are mixed with each other; default: they are not. */
  readonly mix?: MixingSettings | undefined
}

/**
 * A loader that prepares each batch when it is asked for, in the calling thread: for browsers, and for pictures so small
 * that workers would not pay. The pictures must lie in memory.
 *
 * @throws AlexNetError `invalid-setting` when the preprocessing does not fit the pictures, or there is not one full batch.
 * @example
 * for await (const batch of batchLoader({ dataset, preprocessing, batchSize: 128, seed: 1 }).train(0)) {
 *   await executable.run(batch)
 * }
 */
export function batchLoader(options: LoaderOptions): BatchLoader {
  const { dataset, preprocessing, batchSize, seed, mix } = options
  const batchesPerEpoch = checkLoaderOptions(options)
  const read = memoryReader(dataset.pictures, dataset.name)
  const source: BatchSource = { read, labels: dataset.labels, preprocessing, seed }
  const spare: Batch[] = []
  async function* prepare(plans: Iterable<BatchPlan>): AsyncGenerator<Batch> {
    for (const plan of plans) {
      const count = plan.indices.length
      const memory = (count === batchSize && spare.pop()) || emptyBatch(preprocessing, count)
      await fillBatch(memory, source, plan)
      yield { images: memory.images, labels: memory.labels, ...(plan.mix && { mix: plan.mix }) }
    }
  }
  return {
    ...{ batchSize, seed, mix, batchesPerEpoch },
    train: (epoch, from = 0) => prepare(epochPlans(options, epoch, from)),
    inOrder: () => prepare(orderedPlans(options)),
    release(batch) {
      // One batch is out at a time, so one spare is enough.
      if (spare.length === 0 && batch.labels.data.length === batchSize) spare.push(batch)
    },
    async close() {},
  }
}

/** The full batches of an epoch of training. */
export function* epochPlans(options: LoaderOptions, epoch: number, from: number): Generator<BatchPlan> {
  const { dataset, preprocessing, batchSize, seed } = options
  const mixing = resolveMixing(options.mix)
  const [, side] = inputShape(preprocessing)
  const { order, rounds } = epochUses(dataset, options, epoch)
  const batches = Math.floor(order.length / batchSize)
  for (let number = from; number < batches; number++) {
    const [first, end] = [number * batchSize, (number + 1) * batchSize]
    yield {
      indices: order.subarray(first, end),
      epoch,
      ...(rounds && { rounds: rounds.subarray(first, end) }),
      mix: mixing && drawMix(mixing, side, random(seed, 'mix', epoch, number)),
    }
  }
}

/** All pictures in order. */
export function* orderedPlans({ dataset, batchSize }: LoaderOptions): Generator<BatchPlan> {
  const count = dataset.labels.length
  for (let first = 0; first < count; first += batchSize)
    yield {
      indices: Uint32Array.from({ length: Math.min(batchSize, count - first) }, (_, i) => first + i),
      epoch: undefined,
    }
}

/** Checks the options, once for all batches. @returns The number of full batches in an epoch, at least 1. */
export function checkLoaderOptions({ dataset, preprocessing, batchSize, mix }: LoaderOptions): number {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new AlexNetError('invalid-setting', `the batch size must be a whole number above 0, got ${batchSize}`)
  if (resolveMixing(mix) && batchSize < 2)
    throw new AlexNetError(
      'invalid-setting',
      'mixup and CutMix mix each picture of a batch with another one: expected at least 2 pictures in a batch, got 1',
      'Choose a larger batch size, or leave mixup and CutMix out.',
    )
  checkPreprocessing(preprocessing, [3, preprocessing.size, preprocessing.size])
  const count = dataset.labels.length
  if (count < batchSize)
    throw new AlexNetError(
      'invalid-setting',
      `${dataset.name} has ${count} pictures, fewer than one batch of ${batchSize}`,
      `Choose a batch size of at most ${count}.`,
    )
  return Math.floor(count / batchSize)
}
