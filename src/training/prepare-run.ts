import { checkLoaderOptions, type LoaderOptions } from '../data/batch-loader.js'
import type { Dataset, DatasetParts } from '../data/dataset.js'
import { measureColour } from '../data/measure-colour.js'
import { measureNormalisation } from '../data/measure-normalisation.js'
import type { Normalisation } from '../data/normalisation.js'
import { type OpenPictures, type ReadPicture, readPictures } from '../data/pictures.js'
import { inputShape, type Preprocessing } from '../data/preprocessing.js'
import { needsColour, resolveTransforms } from '../data/transforms/transform.js'
import { AlexNetError } from '../errors.js'
import { initialState } from '../models/initial-state.js'
import type { Model } from '../models/model.js'
import { buildModel } from '../models/model-settings.js'
import { withRateMultipliers } from '../models/rate-multipliers.js'
import type { Loss } from '../programs/loss.js'
import type { Checkpoint } from '../runs/checkpoint.js'
import { isOutOfPatience } from '../runs/end.js'
import { type EvaluationPart, freshProgress, type Progress } from '../runs/progress.js'
import { followsValidation, optimizerIn, type Recipe } from '../runs/recipe.js'
import { type Schedule, warmupOf } from '../runs/schedule.js'
import { classWeights } from './class-weights.js'
import { checkPictures, fineTune } from './fine-tuning.js'
import type { TrainerOptions } from './trainer.js'

/** What a run is made of. */
export interface RunParts {
  /** The settings, and the data as they want it: see `recipeData`. */
  readonly recipe: Recipe
  readonly data: DatasetParts
  /** Opens the pictures of a part; those of a new run are looked at before its first step. */
  readonly open: (dataset: Dataset) => OpenPictures
  /** Go on from here instead of beginning. */
  readonly resumed?: ResumedCheckpoint
  /** A trained network to begin with; its last layer is replaced where the classes are others. */
  readonly weights?: Checkpoint
  /** A program's own network, which the recipe builds: the pictures are to have its size. */
  readonly model?: Model
}

export interface ResumedCheckpoint {
  readonly checkpoint: Checkpoint
  /** What messages call it. */
  readonly name: string
  /** What to do where the pictures are not those that it was begun with. */
  readonly hint: string
}

/** A run before its first step: a checkpoint to go on from, and the pictures to go on with. */
export interface PreparedRun extends Checkpoint {
  readonly data: DatasetParts
  /** What is evaluated after each epoch: the validation part, else the test part. */
  readonly evaluationPart: EvaluationPart
  readonly evaluated: Dataset
  /** What it learns from, with a weight for each class of its pictures. */
  readonly loss: Loss
  /** The layer that begins anew in a trained network. */
  readonly head?: string
  /** The start is to be measured: the first batch scales what was drawn (`withUnitVariance`). */
  readonly measuresStart: boolean
}

/**
 * Prepares a run, in Node and in a tab: measures the normalisation and builds the network, or takes over a trained one, or
 * what a checkpoint has.
 *
 * @throws AlexNetError `incompatible-state` when checkpoint and pictures have other classes, `invalid-setting` when settings
 * and pictures do not fit each other, and as `buildModel` and `fineTune` do.
 */
export async function prepareRun(parts: RunParts): Promise<PreparedRun> {
  const { recipe, data, resumed } = parts
  if (resumed) checkClasses(resumed, data.train)
  checkWarmup(recipe, resumed?.checkpoint)
  if (resumed) checkAccumulation(recipe, resumed.checkpoint)
  const beginning = resumed?.checkpoint ?? (await begin(parts))
  const { preprocessing, model, state, head }: Beginning = beginning
  checkLoaderOptions(loaderOptionsOf({ recipe, data, preprocessing }))
  const [evaluationPart, evaluated] = evaluatedPart(data)
  if (resumed) checkHeldOut(recipe, resumed.checkpoint, evaluationPart)
  if (resumed) checkPart(resumed, data.train, evaluationPart)
  return {
    ...{ recipe, data, classes: data.train.classes, preprocessing, model, state, evaluationPart, evaluated },
    loss: lossOf(recipe, data.train),
    ...(head !== undefined && { head }),
    measuresStart: recipe.model.initial === 'lsuv' && !resumed && !parts.weights,
    progress: startingProgress(recipe, resumed?.checkpoint),
    ...(resumed && { choices: resumed.checkpoint.choices }),
  }
}

/** How a run's pictures become the batches that it learns from. */
export function loaderOptionsOf({
  recipe,
  data,
  preprocessing,
}: Pick<PreparedRun, 'recipe' | 'data' | 'preprocessing'>): LoaderOptions {
  const { batchSize, seed } = recipe.training
  const { sampling, mix } = recipe.data
  return { dataset: data.train, preprocessing, batchSize, seed, sampling, mix }
}

/** What the trainer needs to know of a run; engine and loaders are who trains it's. */
export function trainerOptionsOf({ recipe, model, evaluationPart, loss, state, progress, choices }: PreparedRun) {
  return {
    ...{ model, evaluationPart, loss, state, progress, choices },
    epochs: recipe.training.epochs,
    patience: recipe.training.patience,
    accumulate: recipe.training.accumulate,
    schedule: recipe.schedule,
    rate: recipe.optimizer.rate,
    optimizer: optimizerIn(recipe),
  } satisfies Partial<TrainerOptions>
}

/** The loss that a recipe asks for, of these pictures. */
function lossOf({ loss = {} }: Recipe, train: Dataset): Loss {
  const { labelSmoothing, classWeights: weights } = loss
  return { labelSmoothing, ...(weights !== undefined && { classWeights: classWeights(weights, train) }) }
}

interface Beginning extends Pick<Checkpoint, 'preprocessing' | 'model' | 'state'> {
  readonly head?: string
}

/** What a new run starts with: drawn from nothing, or a trained network that is made ready for these classes. */
async function begin({ recipe, data: { train }, open, weights, model: own }: RunParts): Promise<Beginning> {
  const { classes, labels } = train
  const { seed } = recipe.training
  const multipliers = recipe.optimizer.multipliers ?? {}
  const { read, close } = open(train)
  try {
    const preprocessing = await preparePictures(recipe, read, labels.length, weights?.preprocessing.normalisation)
    if (weights) {
      const { model, ...rest } = fineTune(weights, classes, seed)
      checkPictures(model, inputShape(preprocessing), preprocessing)
      return { preprocessing, model: withRateMultipliers(model, multipliers), ...rest }
    }
    if (own) checkPictures(own, inputShape(preprocessing), preprocessing)
    const built = buildModel(recipe.model, { inputShape: inputShape(preprocessing), classes: classes.length })
    const model = withRateMultipliers(built, multipliers)
    return { preprocessing, model, state: initialState(model, seed) }
  } finally {
    close()
  }
}

/** Pictures that mean and deviation are measured on: more would not change their third digit. */
const MEASURED_PICTURES = 50_000

/**
 * How the pictures of a new run are prepared.
 * @param read Gives the pictures of the training part, of which there are `count`: the normalisation is measured on them.
 * @param known The normalisation that a trained network is used to, instead.
 */
async function preparePictures(
  recipe: Recipe,
  read: ReadPicture,
  count: number,
  known: Normalisation | undefined,
): Promise<Preprocessing> {
  const { augmentation } = recipe.data
  const [, height, width] = (await read(0)).shape
  const size = recipe.data.size ?? Math.min(height, width)
  const pictures = () => readPictures(read, count, MEASURED_PICTURES)
  const normalisation = known ?? (await measureNormalisation(pictures(), recipe.data.normalisation, size))
  const colour = needsColour(augmentation) ? await measureColour(pictures()) : undefined
  return { size, augmentation: resolveTransforms(augmentation, size, colour), normalisation }
}

/**
 * Where a run begins. A run that its schedule has ended goes on only under another schedule, and one that patience has
 * ended only with more of it.
 */
function startingProgress({ schedule, training }: Recipe, checkpoint: Checkpoint | undefined): Progress {
  if (!checkpoint) return freshProgress
  const same = isSame(schedule, checkpoint.recipe.schedule)
  const { endedByPatience: _, ...progress } = checkpoint.progress
  return {
    ...progress,
    endedBySchedule: same && progress.endedBySchedule,
    ...(isOutOfPatience(progress, training.patience) && { endedByPatience: true }),
  }
}

/** A run that goes on under its own schedule was begun with it. */
function checkWarmup({ schedule, training: { epochs } }: Recipe, checkpoint: Checkpoint | undefined): void {
  const warmup = warmupOf(schedule)
  if (warmup <= epochs || (checkpoint && isSame(schedule, checkpoint.recipe.schedule))) return
  throw new AlexNetError(
    'invalid-setting',
    `the warm-up of ${warmup} epochs (schedule.warmup) is longer than the run of ${epochs} (training.epochs)`,
    'Shorten the warm-up, or train for more epochs.',
  )
}

/** Within an epoch an update may be half made, of shares of its number of batches. */
function checkAccumulation({ training }: Recipe, { recipe, progress }: Checkpoint): void {
  const [before, wanted] = [recipe.training.accumulate ?? 1, training.accumulate ?? 1]
  if (progress.batch === 0 || before === wanted) return
  throw new AlexNetError(
    'invalid-setting',
    `a run that was stopped within an epoch goes on with updates of as many batches, ${before} (training.accumulate), got ${wanted}`,
    'Leave it out, or change it where an epoch has ended.',
  )
}

const isSame = (a: Schedule, b: Schedule): boolean => JSON.stringify(a) === JSON.stringify(b)

function evaluatedPart({ validation, test }: DatasetParts): readonly [EvaluationPart, Dataset] {
  return validation ? ['validation', validation] : ['test', test!]
}

/** What follows the validation loss needs pictures for it, which a run cannot give up once it has learnt from them. */
function checkHeldOut(recipe: Recipe, checkpoint: Checkpoint, part: EvaluationPart): void {
  const follower = followsValidation(recipe)
  if (!follower) return
  if (part === 'validation' && recipe.data.validation === checkpoint.recipe.data.validation) return
  throw new AlexNetError(
    'invalid-setting',
    `${follower} follows the validation loss, and this run has held out no validation pictures`,
    'Go on without it, or start a new run.',
  )
}

/** A run goes on with what it was measured by: losses on other pictures cannot be held against each other. */
function checkPart({ checkpoint, name, hint }: ResumedCheckpoint, train: Dataset, part: EvaluationPart): void {
  const before = checkpoint.progress.best?.part ?? part
  if (before === part) return
  throw new AlexNetError(
    'incompatible-state',
    `${name} was measured by ${before} pictures, ${train.name.replace(/ train$/, '')} would measure it by ${part} pictures`,
    hint,
  )
}

/** A run goes on with the classes that it began with. */
function checkClasses({ checkpoint: { classes }, name, hint }: ResumedCheckpoint, train: Dataset): void {
  // Runs of before have their names as the system wrote them.
  if (train.classes.join('\n').normalize() === classes.join('\n').normalize()) return
  throw new AlexNetError(
    'incompatible-state',
    `${name} tells ${classes.length} classes apart (${classes[0]}, …), ${train.name} has ${train.classes.length} (${train.classes[0]}, …)`,
    hint,
  )
}
