import type { Dataset } from '../data/dataset.js'
import { measureNormalisation } from '../data/normalisation.js'
import { inputShape, type Preprocessing } from '../data/preprocessing.js'
import { resolveTransforms } from '../data/transforms/transform.js'
import { createModel } from '../models/catalogue.js'
import type { Model } from '../models/model.js'
import type { Checkpoint } from './checkpoint.js'
import { freshProgress, type Progress } from './progress.js'
import type { Recipe } from './recipe.js'

/** How the pictures of a new run are prepared; the normalisation is measured on its training part. */
export function preparePictures(recipe: Recipe, train: Dataset): Preprocessing {
  const size = recipe.data.size ?? train.imageShape[1]
  const augmentation = resolveTransforms(recipe.data.augmentation, size)
  return { size, augmentation, normalisation: measureNormalisation(train, recipe.data.normalisation, size) }
}

/** The network of a new run. */
export function buildModel(recipe: Recipe, preprocessing: Preprocessing, classes: number): Model {
  const { name, ...modelOptions } = recipe.model
  return createModel(name, { inputShape: inputShape(preprocessing), classes }, modelOptions)
}

/** Where a run begins. A run that its schedule has ended goes on only under another schedule. */
export function startingProgress({ schedule }: Recipe, checkpoint: Checkpoint | undefined): Progress {
  if (!checkpoint) return freshProgress
  const same = JSON.stringify(schedule) === JSON.stringify(checkpoint.recipe.schedule)
  return { ...checkpoint.progress, endedBySchedule: same && checkpoint.progress.endedBySchedule }
}
