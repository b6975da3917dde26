import { isDeepStrictEqual } from 'node:util'
import type { DatasetParts } from '../../data/dataset.js'
import { type LoadedDataset, type LoadOptions, loadDataset } from '../../data/node/load-dataset.js'
import type { LoadPicturesOptions } from '../../data/node/pictures/load-pictures.js'
import { type PartName, partNames } from '../../data/node/pictures/picture-list.js'
import type { ScanReport } from '../../data/node/pictures/scan-report.js'
import { AlexNetError } from '../../errors.js'
import type { Recipe } from '../recipe.js'
import { recipeData, recipeDataByPlace } from '../recipe-data.js'
import { describeChanges, describeLearnt, describeUnknown, learntContents, partsOfRun } from '../run-pictures.js'
import { readRunPictures } from './run-pictures-file.js'
import { readScan } from './scan-file.js'

/** How a folder of one's own pictures is read. */
export type PictureOptions = Pick<
  LoadPicturesOptions,
  'cache' | 'strict' | 'validationLabels' | 'followLinks' | 'writesNothing'
>

export interface LoadPartsOptions {
  /** The run that the pictures belong to: it knows which of them it learns from, and which measure it. */
  readonly run?: string
  /** It is trained on: all parts that it has must be there, so that nothing else measures it from now on. */
  readonly goesOn?: boolean
  /** The run that a new run's weights are of, or a file in it: what it has learnt from is not held out. */
  readonly weights?: string
  /** The data itself, where a program gives it. */
  readonly data?: DatasetParts
  /** The folder that holds the data set. */
  readonly directory?: string
  readonly pictures?: PictureOptions
  readonly onDownload?: LoadOptions['onDownload']
  readonly onScan?: LoadPicturesOptions['onProgress']
  readonly signal?: AbortSignal
  /** Pictures to learn from are enough: nothing is to be evaluated, or they themselves are. */
  readonly allowTrainOnly?: boolean
}

export interface LoadedParts {
  /** With the number of pictures that were held out. */
  readonly recipe: Recipe
  readonly data: DatasetParts
  /** What was found in a folder of pictures. */
  readonly scan?: ScanReport
  /** What a person should know: that the pictures are not those that the run was begun with. */
  readonly notes: readonly string[]
  /** Which pictures the run has learnt from is not known: it kept no list of them, and they have changed. */
  readonly isDoubtful?: boolean
}

/** Loaded, as far as the run and its folder tell. */
interface OwnParts extends Omit<LoadedParts, 'scan'> {
  /** Parts that the run has and that have no pictures any more. */
  readonly gone?: readonly PartName[]
}

/**
 * Loads the data that a recipe asks for, and holds out the validation pictures: the same ones for the same seed, or those
 * of a run.
 * @throws AlexNetError as `loadDataset` does, and `invalid-setting` when nothing is left to evaluate on.
 */
export async function loadParts(recipe: Recipe, options: LoadPartsOptions): Promise<LoadedParts> {
  const { parts, report } = options.data ? { parts: options.data } : await load(recipe, options)
  const { gone = [], ...loaded } = await (report && options.run !== undefined
    ? dataOfRun(options.run, recipe, parts, report)
    : newData(recipe, parts, options.weights))
  const { data } = loaded
  const isUnmeasured = !data.validation && !data.test && !options.allowTrainOnly
  if (gone.length > 0 && (options.goesOn || isUnmeasured))
    throw new AlexNetError(
      'missing-data',
      `${options.run} is measured by ${gone[0]} pictures, and ${data.train.name.replace(/ train$/, '')} has none of them any more`,
      'Give the folder that it was begun with, or a copy of it: --data DIR.',
    )
  if (isUnmeasured)
    throw new AlexNetError(
      'invalid-setting',
      'there are no pictures to evaluate the network on',
      'Hold some out (--val-fraction 0.2), or give a folder with train/ and val/.',
    )
  return { ...loaded, ...(report && { scan: report }) }
}

/** The parts of a new run; what its weights have learnt from measures it only where the folder itself says so. */
async function newData(recipe: Recipe, parts: DatasetParts, weights: string | undefined): Promise<OwnParts> {
  const before = weights === undefined ? undefined : await readRunPictures(weights)
  if (!before) {
    const scan = weights === undefined || !parts.train.contents ? undefined : await readScan(weights)
    const own = recipeData(recipe, parts)
    const { name } = own.data.validation ?? own.data.test ?? own.data.train
    return { ...own, notes: scan ? [describeUnknown(scan.path, name)] : [] }
  }
  const learnt = learntContents(before)
  const own = recipeData(recipe, parts, learnt)
  return { ...own, notes: describeLearnt(learnt, own.data) }
}

async function load(recipe: Recipe, options: LoadPartsOptions): Promise<LoadedDataset> {
  const { onDownload, onScan, signal, directory, pictures } = options
  const { name, size, given } = recipe.data
  if (given)
    throw new AlexNetError(
      'missing-data',
      `the pictures of this run (${name}) were given by a program, which alone can give them again`,
      'Go on with `runTraining({ resume, data })`; for anything else give other pictures with the same classes: --data DIR.',
    )
  // As it was read when the run began, if nothing else is said.
  const before = options.run === undefined ? undefined : await readScan(options.run)
  return loadDataset(name, {
    ...pictures,
    followLinks: pictures?.followLinks ?? before?.followLinks,
    validationLabels: pictures?.validationLabels ?? before?.validationLabels,
    labelsMayBeUnread: pictures?.validationLabels === undefined,
    directory,
    seed: recipe.training.seed,
    side: size,
    onDownload,
    onProgress: onScan,
    signal,
  })
}

/** The parts that a run has, of pictures that may have changed since it began. */
async function dataOfRun(run: string, recipe: Recipe, parts: DatasetParts, scan: ScanReport): Promise<OwnParts> {
  const pictures = await readRunPictures(run)
  if (pictures) {
    const { data, changes } = partsOfRun(pictures, parts)
    const had = new Set(pictures.map(({ part }) => part))
    return { recipe, data, notes: describeChanges(changes), gone: [...had].filter((part) => !data[part]) }
  }
  const before = await readScan(run)
  const isDoubtful = before !== undefined && !isDeepStrictEqual(before.counts, scan.counts)
  const had = partNames.filter((part) => before?.counts[part]?.some((count) => count > 0))
  return {
    ...recipeDataByPlace(recipe, parts),
    notes: isDoubtful ? [unknownSplit] : [],
    isDoubtful,
    gone: had.filter((part) => !parts[part]),
  }
}

const unknownSplit =
  'the pictures have changed since the run began, and it is of an earlier version that kept no list of them: some that it has learnt from may now be among those that measure it'
