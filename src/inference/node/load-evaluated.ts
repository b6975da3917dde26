import type { Dataset } from '../../data/dataset.js'
import type { PartName } from '../../data/node/pictures/picture-list.js'
import { AlexNetError } from '../../errors.js'
import type { Checkpoint } from '../../runs/checkpoint.js'
import { loadParts } from '../../runs/node/load-parts.js'
import { readScan } from '../../runs/node/scan-file.js'

export interface EvaluatedOptions {
  /** The data set; default: what the network was trained on. */
  readonly name?: string
  /** Where it lies; default for one's own pictures: where they were in training. */
  readonly directory?: string
  /** Default: test, else validation; of another folder without parts, all pictures. */
  readonly part?: PartName
}

/**
 * Loads the pictures to evaluate a network on, with labels that are the network's classes.
 *
 * @param run The run's folder or file, which tells where its pictures lie.
 * @throws AlexNetError as `loadParts` does, and `incompatible-state` for a class that the network does not know.
 */
export async function loadEvaluated(
  run: string,
  { recipe, classes, preprocessing }: Pick<Checkpoint, 'recipe' | 'classes' | 'preprocessing'>,
  options: EvaluatedOptions = {},
): Promise<{ readonly dataset: Dataset; readonly part: PartName }> {
  const others = recipe.data.given && options.directory !== undefined ? 'pictures' : recipe.data.name
  const name = options.name ?? others
  const own = (await readScan(run))?.path
  const directory = options.directory ?? (name === recipe.data.name ? own : undefined)
  const elsewhere = name === 'pictures' && directory !== own
  // Of other pictures nothing was learnt, so none need be held out.
  const { given, size = preprocessing.size } = recipe.data
  const data = {
    ...{ ...recipe.data, name, size },
    given: name === recipe.data.name ? given : undefined,
    ...(elsewhere && { validation: 0 }),
  }
  const { data: parts } = await loadParts({ ...recipe, data }, { directory, allowTrainOnly: elsewhere })
  const part = options.part ?? (parts.test ? 'test' : parts.validation ? 'validation' : 'train')
  const dataset = parts[part]
  if (!dataset)
    throw new AlexNetError(
      'missing-data',
      `${directory ?? name} has no ${part} pictures`,
      `It has: ${Object.keys(parts).join(', ')}.`,
    )
  return { dataset: withClasses(dataset, classes), part }
}

/** The data set with its labels as places in `classes`, found by name: a folder may have some of them, in another order. */
function withClasses(dataset: Dataset, classes: readonly string[]): Dataset {
  if (dataset.classes.join('\n') === classes.join('\n')) return dataset
  const places = dataset.classes.map((name) => {
    const place = classes.indexOf(name)
    if (place < 0)
      throw new AlexNetError(
        'incompatible-state',
        `${dataset.name} has the class '${name}', and the network tells apart ${classes.length} others (${classes[0]}, …)`,
        'The names of the classes must be those that it was trained with.',
      )
    return place
  })
  return { ...dataset, classes, labels: dataset.labels.map((label) => places[label]) }
}
