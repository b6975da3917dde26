import type { Dataset, DatasetParts } from '../data/dataset.js'
import { measureColour } from '../data/measure-colour.js'
import { measureNormalisation } from '../data/measure-normalisation.js'
import type { Normalisation } from '../data/normalisation.js'
import { picturesOf, type ReadPicture } from '../data/pictures.js'
import { inputShape, type Preprocessing } from '../data/preprocessing.js'
import { needsColour, resolveTransforms } from '../data/transforms/transform.js'
import { createModel } from '../models/catalogue.js'
import type { Model } from '../models/model.js'
import { withRateMultipliers } from '../models/rate-multipliers.js'
import type { Checkpoint } from '../runs/checkpoint.js'
import { type EvaluationPart, freshProgress, type Progress } from '../runs/progress.js'
import type { Recipe } from '../runs/recipe.js'

/** Pictures that mean and deviation are measured on: more would not change their third digit. */
const MEASURED_PICTURES = 50_000

/**
 * How the pictures of a new run are prepared.
 * @param read Gives the pictures of the training part, of which there are `count`: the normalisation is measured on them.
 * @param known The normalisation that a trained network is used to, instead.
 */
export async function preparePictures(
  recipe: Recipe,
  read: ReadPicture,
  count: number,
  known?: Normalisation,
): Promise<Preprocessing> {
  const { augmentation } = recipe.data
  const [, height, width] = (await read(0)).shape
  const size = recipe.data.size ?? Math.min(height, width)
  const pictures = () => picturesOf(read, count, MEASURED_PICTURES)
  const normalisation = known ?? (await measureNormalisation(pictures(), recipe.data.normalisation, size))
  const colour = needsColour(augmentation) ? await measureColour(pictures()) : undefined
  return { size, augmentation: resolveTransforms(augmentation, size, colour), normalisation }
}

/** The network of a new run. */
export function buildModel(recipe: Recipe, preprocessing: Preprocessing, classes: number): Model {
  const { name, ...modelOptions } = recipe.model
  const model = createModel(name, { inputShape: inputShape(preprocessing), classes }, modelOptions)
  return withRateMultipliers(model, recipe.optimizer.multipliers ?? {})
}

/** Where a run begins. A run that its schedule has ended goes on only under another schedule. */
export function startingProgress({ schedule }: Recipe, checkpoint: Checkpoint | undefined): Progress {
  if (!checkpoint) return freshProgress
  const same = JSON.stringify(schedule) === JSON.stringify(checkpoint.recipe.schedule)
  return { ...checkpoint.progress, endedBySchedule: same && checkpoint.progress.endedBySchedule }
}

/** What is evaluated after each epoch: the validation part, else the test part. */
export function evaluatedPart({ validation, test }: DatasetParts): readonly [EvaluationPart, Dataset] {
  return validation ? ['validation', validation] : ['test', test!]
}
