import { isDeepStrictEqual } from 'node:util'
import type { DatasetParts } from '../../data/dataset.js'
import { type LoadedDataset, type LoadOptions, loadDataset } from '../../data/node/load-dataset.js'
import type { LoadPicturesOptions } from '../../data/node/pictures/load-pictures.js'
import type { ScanReport } from '../../data/node/pictures/scan-report.js'
import { AlexNetError } from '../../errors.js'
import type { Recipe } from '../recipe.js'
import { recipeData, recipeDataByPlace } from '../recipe-data.js'
import { describeChanges, partsOfRun } from '../run-pictures.js'
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
}

/**
 * Loads the data that a recipe asks for, and holds out the validation pictures: the same ones for the same seed, or those
 * of a run.
 * @throws AlexNetError as `loadDataset` does, and `invalid-setting` when nothing is left to evaluate on.
 */
export async function loadParts(recipe: Recipe, options: LoadPartsOptions): Promise<LoadedParts> {
  const { parts, report } = options.data ? { parts: options.data } : await load(recipe, options)
  const {
    recipe: resolved,
    data,
    notes,
  } = await (report && options.run !== undefined
    ? dataOfRun(options.run, recipe, parts, report)
    : { ...recipeData(recipe, parts), notes: [] })
  if (!data.validation && !data.test && !options.allowTrainOnly)
    throw new AlexNetError(
      'invalid-setting',
      'there are no pictures to evaluate the network on',
      'Hold some out (--val-fraction 0.2), or give a folder with train/ and val/.',
    )
  return { recipe: resolved, data, notes, ...(report && { scan: report }) }
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
async function dataOfRun(
  run: string,
  recipe: Recipe,
  parts: DatasetParts,
  scan: ScanReport,
): Promise<Pick<LoadedParts, 'recipe' | 'data' | 'notes'>> {
  const pictures = await readRunPictures(run)
  if (pictures) {
    const { data, changes } = partsOfRun(pictures, parts)
    return { recipe, data, notes: describeChanges(changes) }
  }
  const before = await readScan(run)
  const isAsBefore = before === undefined || isDeepStrictEqual(before.counts, scan.counts)
  return { ...recipeDataByPlace(recipe, parts), notes: isAsBefore ? [] : [unknownSplit] }
}

const unknownSplit =
  'the pictures have changed since the run began, and it is of an earlier version that kept no list of them: some that it has learnt from may now be among those that measure it'
