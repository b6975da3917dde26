import { classCounts, type Dataset } from '../data/dataset.js'
import { AlexNetError } from '../errors.js'
import type { LossSettings } from '../programs/loss.js'
import { didYouMean } from '../suggest.js'

/**
 * How much the pictures of each class count, in the order of the classes: as they are named, 1 where they are not; or
 * `balanced`, n / (K·n_c) for the n_c of n pictures that are of a class, K classes having any. That is scikit-learn's
 * `compute_class_weight('balanced', …)`: all classes together count the same.
 *
 * @param dataset The training part.
 * @throws AlexNetError `unknown-name` for a class that the pictures do not have.
 * @example await train({ …, loss: { classWeights: classWeights('balanced', train) } })
 */
export function classWeights(
  settings: NonNullable<LossSettings['classWeights']>,
  dataset: Pick<Dataset, 'classes' | 'labels' | 'name'>,
): number[] {
  const { classes, labels, name } = dataset
  if (settings === 'balanced') {
    const counts = classCounts(dataset)
    const present = counts.filter((count) => count > 0).length
    return counts.map((count) => (count > 0 ? labels.length / (present * count) : 1))
  }
  const unknown = Object.keys(settings).find((key) => !classes.includes(key))
  if (unknown !== undefined)
    throw new AlexNetError(
      'unknown-name',
      `loss.classWeights: ${name} has no class '${unknown}'`,
      didYouMean(unknown, classes),
    )
  return classes.map((key) => (Object.hasOwn(settings, key) ? settings[key] : 1))
}
