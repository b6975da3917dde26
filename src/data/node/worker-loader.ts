import { Worker } from 'node:worker_threads'
import { AlexNetError } from '../../errors.js'
import { moving, type WorkerClient, workerClient } from '../../worker-requests.js'
import { type Batch, type BatchPlan, emptyBatch } from '../batch.js'
import {
  type BatchLoader,
  batchLoader,
  checkLoaderOptions,
  epochPlans,
  type LoaderOptions,
  orderedPlans,
} from '../batch-loader.js'
import type { Dataset } from '../dataset.js'
import { sharedBytes } from '../shared-bytes.js'
import { batchIn, type LoaderRequests, type WorkerSetup } from './loader-messages.js'

export interface WorkerLoaderOptions extends LoaderOptions {
  /** Worker threads that prepare batches; 0: the calling thread prepares each when it is asked for. */
  readonly workers: number
  /**
   * Batches prepared ahead of the one in use: those are all that lie in memory. Default: two for each worker, one that it
   * works on and one that waits.
   */
  readonly prefetch?: number
  /**
   * Start the threads when the first batch is asked for: of a loader that is used later than others. Default: at once,
   * beside whatever else is made ready.
   */
  readonly startsLate?: boolean
  /** Where the worker's compiled file lies, for those who bundle this library into another file. */
  readonly workerFile?: URL
}

/**
 * A loader whose batches are prepared by worker threads while the engine computes. The batches are the same for any
 * number of workers, bit for bit. Close it when training ends.
 *
 * @throws AlexNetError `invalid-setting` as `batchLoader` does, and for a number of workers or batches that is none. An
 * error in a worker is thrown where its batch is awaited.
 * @example
 * const loader = workerLoader({ dataset, preprocessing, batchSize: 128, seed: 1, workers: 2 })
 * for await (const batch of loader.train(0)) {
 *   await executable.run(batch)
 *   loader.release(batch)
 * }
 * await loader.close()
 */
export function workerLoader(options: WorkerLoaderOptions): BatchLoader {
  const { workers, prefetch = 2 * workers } = options
  if (!Number.isInteger(workers) || workers < 0)
    throw new AlexNetError('invalid-setting', `the number of workers must be a whole number from 0 on, got ${workers}`)
  if (workers === 0) return batchLoader(options)
  if (!Number.isInteger(prefetch) || prefetch < 1)
    throw new AlexNetError('invalid-setting', `the batches to prefetch must be a whole number above 0, got ${prefetch}`)
  return new WorkerPool(options, prefetch)
}

class WorkerPool implements BatchLoader {
  readonly batchSize: number
  readonly seed: number
  readonly mix: LoaderOptions['mix']
  readonly batchesPerEpoch: number
  private workers: readonly Worker[] = []
  private clients: readonly WorkerClient<LoaderRequests>[] = []
  /** Memory to be filled again. */
  private readonly spare: Batch[] = []
  private batchCount = 0
  private closed: Error | undefined
  /** How many callers wait for a batch right now. */
  private awaited = 0

  constructor(
    private readonly options: WorkerLoaderOptions,
    private readonly prefetch: number,
  ) {
    this.batchesPerEpoch = checkLoaderOptions(options)
    this.batchSize = options.batchSize
    this.seed = options.seed
    this.mix = options.mix
    if (!options.startsLate) this.start()
  }

  private start(): void {
    const { options } = this
    const { preprocessing, seed, workerFile = new URL('./loader-worker.js', import.meta.url) } = options
    // The names mean nothing to a worker, and would be copied for each.
    const { names: _, ...dataset } = inSharedMemory(options.dataset)
    const setup: WorkerSetup = { dataset, preprocessing, seed }
    this.workers = Array.from({ length: options.workers }, () => new Worker(workerFile, { workerData: setup }))
    this.clients = this.workers.map((worker) =>
      workerClient<LoaderRequests>(worker, {
        failure: (what, cause) => cause ?? new Error(`a worker of the batch loader ${what}`),
        onFailure: (error) => this.fail(error),
        // Only who waits for a batch does: a loader left open must not, nor a batch that is prepared ahead.
        keepsAlive: false,
      }),
    )
  }

  train(epoch: number, from = 0): AsyncGenerator<Batch, void, undefined> {
    return this.prepareAll(epochPlans(this.options, epoch, from))
  }

  inOrder(): AsyncGenerator<Batch, void, undefined> {
    return this.prepareAll(orderedPlans(this.options))
  }

  private async *prepareAll(plans: Iterator<BatchPlan>): AsyncGenerator<Batch, void, undefined> {
    if (this.closed) throw this.closed
    if (this.workers.length === 0) this.start()
    const ahead: Promise<Batch>[] = []
    const fillUp = () => {
      while (ahead.length < this.prefetch) {
        const { value, done } = plans.next()
        if (done) return
        ahead.push(this.prepare(value))
      }
    }
    try {
      fillUp()
      for (let first = ahead.shift(); first; first = ahead.shift()) {
        const batch = await this.keepingAlive(first)
        // Before the batch is used, so that the workers have work meanwhile.
        fillUp()
        yield batch
      }
    } finally {
      for (const unused of ahead) unused.then((batch) => this.release(batch), ignore)
    }
  }

  release(batch: Batch): void {
    // A batch released twice would be filled twice at once; one that was smaller does not fit the next.
    if (batch.labels.data.length !== this.options.batchSize) return
    if (this.spare.length <= this.prefetch && !this.spare.includes(batch)) this.spare.push(batch)
  }

  async close(): Promise<void> {
    this.closed = new Error('the batch loader is closed')
    this.fail(this.closed)
    this.spare.length = 0
    await Promise.all(
      this.workers.map((worker) => {
        worker.ref()
        return worker.terminate()
      }),
    )
  }

  private prepare({ indices, epoch, rounds, mix }: BatchPlan): Promise<Batch> {
    const { batchSize, preprocessing } = this.options
    const full = indices.length === batchSize
    const { images, labels } = (full && this.spare.pop()) || emptyBatch(preprocessing, indices.length)
    const memory = { images: images.data.buffer as ArrayBuffer, labels: labels.data.buffer as ArrayBuffer }
    const client = this.clients[this.batchCount++ % this.clients.length]
    const prepared = client
      // A copy of the indices: sending a view would send the whole epoch's order.
      .ask('fill', moving(memory, [memory.images, memory.labels]), {
        indices: Uint32Array.from(indices),
        epoch,
        ...(rounds && { rounds: Uint32Array.from(rounds) }),
        mix,
      })
      .then((filled) => ({ ...batchIn(filled, preprocessing), ...(mix && { mix }) }))
    // A failed batch is reported when its turn comes, even if others are awaited before it, and not at all if it never does.
    prepared.catch(ignore)
    return prepared
  }

  /** Ends all that is under way. The first reason is the true one: later ones follow from it. */
  private fail(error: Error): void {
    for (const client of this.clients) client.close(error)
  }

  private async keepingAlive<T>(awaited: Promise<T>): Promise<T> {
    if (this.awaited++ === 0) for (const worker of this.workers) worker.ref()
    try {
      return await awaited
    } finally {
      if (--this.awaited === 0) for (const worker of this.workers) worker.unref()
    }
  }
}

function ignore(): void {}

/** The data set with its pictures where all threads can read them: copied once if they lie in memory of this thread. */
function inSharedMemory(dataset: Dataset): Dataset {
  const { pictures } = dataset
  if (pictures.kind === 'encoded' || 'file' in pictures.store) return dataset
  const chunks = pictures.store.chunks.map((chunk) => {
    if (chunk.buffer instanceof SharedArrayBuffer) return chunk
    const shared = sharedBytes(chunk.length)
    shared.set(chunk)
    return shared
  })
  return { ...dataset, pictures: { ...pictures, store: { ...pictures.store, chunks } } }
}
