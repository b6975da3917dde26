import type { BatchLoader } from '../../data/batch-loader.js'
import type { Dataset } from '../../data/dataset.js'
import { workerLoader } from '../../data/node/worker-loader.js'
import type { Preprocessing } from '../../data/preprocessing.js'

/** A loader of all pictures of a part, in order: for `Classifier.evaluate`. Close it afterwards. */
export function evaluationLoader(options: {
  readonly dataset: Dataset
  readonly preprocessing: Preprocessing
  readonly batchSize: number
  /** Threads that prepare batches. */
  readonly workers: number
  /** It is used later than others: see `workerLoader`. */
  readonly startsLate?: boolean
}): BatchLoader {
  const batchSize = Math.min(options.batchSize, options.dataset.labels.length)
  // Nothing is drawn in an evaluation: any seed does.
  return workerLoader({ ...options, batchSize, seed: 0 })
}
