import { AlexNetError } from '../errors.js'
import { random } from '../random.js'
import { type Dataset, placesByClass, subset } from './dataset.js'

/** A training part, and the pictures that were held out of it. Both keep the order of the pictures. */
export interface Split {
  readonly train: Dataset
  readonly validation: Dataset
}

/**
 * Holds pictures out of a training part for validation: of every class the same share, chosen by `seed` and by their place.
 * The same pictures are always split in the same way; where some may come and go, see `holdOutByContent`.
 *
 * @param count Pictures to hold out, 0 < count < all. What the classes' shares leave over by rounding is taken from the
 * classes with the largest remainders.
 * @throws AlexNetError `invalid-setting` when `count` leaves one of the parts empty.
 * @example holdOut(cifar10.train, 5000, seed) // 500 of each class
 */
export function holdOut(dataset: Dataset, count: number, seed: number): Split {
  const total = dataset.labels.length
  checkCount(dataset, count, total - 1)
  const members = placesByClass(dataset)
  const shares = stratifiedShares(
    members.map((ofClass) => ofClass.length),
    count,
  )
  const held = new Uint8Array(total)
  for (const [label, ofClass] of members.entries()) {
    const order = random(seed, 'split', label).permutation(ofClass.length)
    for (let i = 0; i < shares[label]; i++) held[ofClass[order[i]]] = 1
  }
  return divide(dataset, (n) => held[n] === 1)
}

/** @throws AlexNetError `invalid-setting` for a number of pictures that cannot be held out. */
export function checkCount(dataset: Dataset, count: number, most: number): void {
  if (most < 1)
    throw new AlexNetError(
      'invalid-setting',
      `${dataset.name} has one picture of each class, copies aside: none can be held out to validate on`,
      'Add more pictures, or give a folder with train/ and val/.',
    )
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new AlexNetError(
      'invalid-setting',
      `the number of pictures to hold out of ${dataset.name} must be 1 to ${most}, got ${count}`,
    )
}

export function divide(dataset: Dataset, isHeld: (place: number) => boolean): Split {
  const places = Array.from(dataset.labels.keys())
  return {
    train: subset(
      dataset,
      places.filter((n) => !isHeld(n)),
      dataset.name,
    ),
    validation: subset(dataset, places.filter(isHeld), `${dataset.name.replace(/ train$/, '')} validation`),
  }
}

/**
 * Splits `count` in proportion to `sizes` into whole numbers that add up to it (largest remainders).
 * @param most What each may be at most; `count` is at most their sum.
 */
export function stratifiedShares(sizes: readonly number[], count: number, most = sizes): number[] {
  const total = sizes.reduce((a, b) => a + b, 0)
  const exact = sizes.map((size) => (size * count) / total)
  const shares = exact.map((share, label) => Math.min(Math.floor(share), most[label]))
  const byRemainder = [...sizes.keys()].sort((a, b) => exact[b] - shares[b] - (exact[a] - shares[a]) || a - b)
  let left = count - shares.reduce((a, b) => a + b, 0)
  while (left > 0)
    for (const label of byRemainder) {
      if (left === 0 || shares[label] === most[label]) continue
      shares[label]++
      left--
    }
  return shares
}
