import { balancedOrder, type EpochUses } from './balanced-order.js'
import { type Dataset, placesByClass } from './dataset.js'
import { epochOrder } from './epoch-order.js'

/** Which pictures an epoch has: every one once, or of each class equally many. */
export const samplings = ['shuffled', 'balanced'] as const
export type Sampling = (typeof samplings)[number]

/** What an epoch of training uses of a data set: as many pictures as fill whole batches. */
export function epochUses(
  dataset: Dataset,
  { sampling = 'shuffled', batchSize, seed }: { sampling?: Sampling; batchSize: number; seed: number },
  epoch: number,
): EpochUses {
  const count = dataset.labels.length
  if (sampling === 'shuffled') return { order: epochOrder(count, seed, epoch) }
  return balancedOrder(placesByClass(dataset), count - (count % batchSize), seed, epoch)
}
