import type { Batch, BatchPlan } from '../batch.js'
import type { Dataset } from '../dataset.js'
import { type Preprocessing, preparedShape } from '../preprocessing.js'

/** What a loader's worker is started with. Copied to it once, but for the pictures, which lie in shared memory. */
export interface WorkerSetup {
  readonly dataset: Dataset
  readonly preprocessing: Preprocessing
  readonly seed: number
}

/** Memory on its way between the threads: moved, never copied. */
export interface BatchMemory {
  readonly images: ArrayBuffer
  readonly labels: ArrayBuffer
}

/** The batch that lies in the memory. */
export function batchIn({ images, labels }: BatchMemory, preprocessing: Preprocessing): Batch {
  const count = labels.byteLength / Int32Array.BYTES_PER_ELEMENT
  return {
    images: { dtype: 'float32', shape: preparedShape(preprocessing, count), data: new Float32Array(images) },
    labels: { dtype: 'int32', shape: [count], data: new Int32Array(labels) },
  }
}

/** What a worker is asked for. */
export interface LoaderRequests {
  /** Fills the memory with a batch. */
  fill(memory: BatchMemory, plan: BatchPlan): BatchMemory
}
