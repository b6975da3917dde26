import type { Dataset } from '../../dataset.js'
import type { ScanReport } from './scan-report.js'

/** The same picture in the training part and in one that measures what was learnt. */
export type Duplicate = ScanReport['duplicates'][number]

/**
 * Finds files of the same content in two parts: pictures that the net has learnt by heart make its test look better
 * than it is.
 */
export function findDuplicates(train: Dataset, evaluated: Dataset): readonly Duplicate[] {
  const learnt = new Map(train.contents?.map((content, n) => [content, train.names?.[n] ?? '']))
  return (evaluated.contents ?? []).flatMap((content, n) => {
    const name = learnt.get(content)
    return name === undefined ? [] : [{ train: name, evaluated: evaluated.names?.[n] ?? '' }]
  })
}
