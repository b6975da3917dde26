import { stat } from 'node:fs/promises'
import { datasetCatalogue } from '../data/dataset-catalogue.js'
import { AlexNetError } from '../errors.js'
import { didYouMean } from '../suggest.js'
import { asAssigned } from './wrong-usage.js'

/** What DATASET and --data together mean. */
export interface ChosenDataset {
  /** A name of the catalogue; undefined: none was said. */
  readonly name?: string
  /** Where it lies. */
  readonly directory?: string
}

/**
 * A data set is named, or a folder (or a list) of one's own pictures is given instead.
 * @throws AlexNetError `usage` when both are given, `unknown-name` when it is neither.
 */
export async function chosenDataset(dataset: string | undefined, data: string | undefined): Promise<ChosenDataset> {
  if (dataset === undefined || datasetCatalogue.some(({ name }) => name === dataset))
    return { ...(dataset !== undefined && { name: dataset }), ...(data !== undefined && { directory: data }) }
  const isThere = await stat(dataset).then(
    () => true,
    () => false,
  )
  const assigned = asAssigned(dataset)
  if (!isThere)
    throw new AlexNetError(
      'unknown-name',
      `there is no data set '${dataset}', and no folder or list of pictures of that name`,
      assigned
        ? `An option is written --${assigned.name} ${assigned.value}.`
        : didYouMean(
            dataset,
            datasetCatalogue.map(({ name }) => name),
          ),
    )
  if (data !== undefined)
    throw new AlexNetError(
      'usage',
      `the pictures are to come from ${dataset} and from --data ${data}`,
      'Give one of them.',
    )
  return { name: 'pictures', directory: dataset }
}
