import { AlexNetError } from '../errors.js'
import { random } from '../random.js'
import { type Dataset, subset } from './dataset.js'

/**
 * Holds pictures out of a training part for validation: of every class the same share, chosen by `seed`. Both parts keep
 * the order of the pictures.
 *
 * @param count Pictures to hold out, 0 < count < all. What the classes' shares leave over by rounding is taken from the
 * classes with the largest remainders.
 * @throws AlexNetError `invalid-setting` when `count` leaves one of the parts empty.
 * @example holdOut(cifar10.train, 5000, seed) // 500 of each class
 */
export function holdOut(dataset: Dataset, count: number, seed: number): { train: Dataset; validation: Dataset } {
  const total = dataset.labels.length
  if (!Number.isInteger(count) || count < 1 || count >= total)
    throw new AlexNetError(
      'invalid-setting',
      `the number of pictures to hold out of ${dataset.name} must be 1 to ${total - 1}, got ${count}`,
    )
  const members: number[][] = dataset.classes.map(() => [])
  for (let n = 0; n < total; n++) members[dataset.labels[n]].push(n)
  const shares = stratifiedShares(
    members.map((ofClass) => ofClass.length),
    count,
  )
  const held = new Uint8Array(total)
  for (const [label, ofClass] of members.entries()) {
    const order = random(seed, 'split', label).permutation(ofClass.length)
    for (let i = 0; i < shares[label]; i++) held[ofClass[order[i]]] = 1
  }
  const indices = Array.from(dataset.labels.keys())
  return {
    train: subset(
      dataset,
      indices.filter((n) => !held[n]),
      dataset.name,
    ),
    validation: subset(
      dataset,
      indices.filter((n) => held[n]),
      `${dataset.name.replace(/ train$/, '')} validation`,
    ),
  }
}

/** Splits `count` in proportion to `sizes` into whole numbers that add up to it (largest remainders). */
function stratifiedShares(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((a, b) => a + b, 0)
  const exact = sizes.map((size) => (size * count) / total)
  const shares = exact.map(Math.floor)
  const byRemainder = [...sizes.keys()].sort((a, b) => exact[b] - shares[b] - (exact[a] - shares[a]) || a - b)
  const left = count - shares.reduce((a, b) => a + b, 0)
  for (const label of byRemainder.slice(0, left)) shares[label]++
  return shares
}
