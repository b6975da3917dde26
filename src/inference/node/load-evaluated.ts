import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Dataset, subset } from '../../data/dataset.js'
import type { PartName } from '../../data/node/pictures/picture-list.js'
import { AlexNetError } from '../../errors.js'
import type { Checkpoint } from '../../runs/checkpoint.js'
import { loadParts } from '../../runs/node/load-parts.js'
import { readRunPictures } from '../../runs/node/run-pictures-file.js'
import { readScan } from '../../runs/node/scan-file.js'
import { describeUnknown, learntContents } from '../../runs/run-pictures.js'

/** The pictures to evaluate a network on. */
export interface Evaluated {
  readonly dataset: Dataset
  readonly part: PartName
  /** What a person should know of them: that some are left aside, and why. */
  readonly notes: readonly string[]
}

export interface EvaluatedOptions {
  /** The data set; default: what the network was trained on. */
  readonly name?: string
  /** Where it lies; default for one's own pictures: where they were in training. */
  readonly directory?: string
  /** Follow links that lead out of the folder; default for the run's own pictures: as in training. */
  readonly followLinks?: boolean
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
): Promise<Evaluated> {
  const others = recipe.data.given && options.directory !== undefined ? 'pictures' : recipe.data.name
  const name = options.name ?? others
  const own = (await readScan(run))?.path
  const directory = options.directory ?? (name === recipe.data.name ? own : undefined)
  const elsewhere = name === 'pictures' && !(await isSamePlace(directory, own))
  // Pictures that are named here are not those that a program gave.
  const isNamed = options.name !== undefined || options.directory !== undefined
  // Of other pictures nothing was learnt, so none need be held out.
  const { given, size = preprocessing.size } = recipe.data
  const data = {
    ...{ ...recipe.data, name, size },
    given: isNamed ? undefined : given,
    ...(elsewhere && { validation: 0 }),
  }
  const { data: parts, notes } = await loadParts(
    { ...recipe, data },
    {
      directory,
      pictures: { followLinks: options.followLinks },
      allowTrainOnly: elsewhere,
      ...(!elsewhere && { run }),
    },
  )
  const part = options.part ?? (parts.test ? 'test' : parts.validation ? 'validation' : 'train')
  const dataset = parts[part]
  if (!dataset)
    throw new AlexNetError(
      'missing-data',
      `${directory ?? name} has no ${part} pictures`,
      `It has: ${Object.keys(parts).join(', ')}.`,
    )
  const unseen = elsewhere ? await withoutLearnt(dataset, run, own) : { dataset, notes }
  return { ...unseen, dataset: withClasses(unseen.dataset, classes), part }
}

/**
 * Of a folder that is not the run's own (but may be a copy of it) the pictures that the run has not learnt from.
 * @param own The run's own folder, if it has one.
 * @throws AlexNetError `missing-data` when there are none.
 */
async function withoutLearnt(dataset: Dataset, run: string, own: string | undefined): Promise<Omit<Evaluated, 'part'>> {
  const { contents, labels, name } = dataset
  const pictures = await readRunPictures(run)
  if (!pictures || !contents) {
    return { dataset, notes: own === undefined ? [] : [describeUnknown(own, name)] }
  }
  const learnt = learntContents(pictures)
  const unseen = [...labels.keys()].filter((n) => !learnt.has(contents[n]))
  const known = labels.length - unseen.length
  if (unseen.length === 0)
    throw new AlexNetError(
      'missing-data',
      `the network has learnt from all ${known} pictures of ${name}: they tell nothing about it`,
      'Give pictures that it has not seen.',
    )
  if (known === 0) return { dataset, notes: [] }
  const note = `${known} of the ${labels.length} pictures of ${name} are left aside: the network has learnt from them`
  return { dataset: subset(dataset, unseen, name), notes: [note] }
}

/** Whether two paths lead to the same folder or list. */
async function isSamePlace(a: string | undefined, b: string | undefined): Promise<boolean> {
  if (a === undefined || b === undefined) return a === b
  const [one, other] = await Promise.all([a, b].map((path) => realpath(path).catch(() => resolve(path))))
  return one === other
}

/** The data set with its labels as places in `classes`, found by name: a folder may have some of them, in another order. */
function withClasses(dataset: Dataset, classes: readonly string[]): Dataset {
  if (dataset.classes.join('\n') === classes.join('\n')) return dataset
  const known = classes.map((name) => name.normalize())
  const places = dataset.classes.map((name) => {
    const place = known.indexOf(name.normalize())
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
