import { holdOutByContent } from '../data/content-split.js'
import type { DatasetParts } from '../data/dataset.js'
import { holdOut } from '../data/split.js'
import { updatesPerEpoch } from '../optimizers/accumulation.js'
import { type Recipe, wantedValidation } from './recipe.js'

/** A recipe and the data as it wants them. */
export interface RecipeData {
  /** With the validation pictures that are held out: how many, or which share of pictures that may become more. */
  readonly recipe: Recipe
  readonly data: DatasetParts
}

/**
 * The parts of a data set as a recipe wants them: its validation pictures are held out, the same ones for the same seed.
 * Of pictures that are files it is their content that decides, so that others may be added; else their place.
 * @param learnt Contents of pictures that the weights which training begins with have learnt from: none is held out.
 * @throws AlexNetError as `holdOut` and `holdOutByContent` do.
 */
export function recipeData(recipe: Recipe, parts: DatasetParts, learnt?: ReadonlySet<string>): RecipeData {
  if (!parts.train.contents) return recipeDataByPlace(recipe, parts)
  const wanted = wantedValidation(recipe, parts)
  return split(recipe, parts, wanted, (...args) => holdOutByContent(...args, learnt))
}

/** As `recipeData`, but the place decides: that is how all runs of earlier versions were split. */
export function recipeDataByPlace(recipe: Recipe, parts: DatasetParts): RecipeData {
  const wanted = wantedValidation(recipe, parts)
  return split(recipe, parts, wanted < 1 ? Math.round(wanted * parts.train.labels.length) : wanted, holdOut)
}

function split(recipe: Recipe, parts: DatasetParts, validation: number, hold: typeof holdOut): RecipeData {
  const data = validation === 0 ? parts : { ...parts, ...hold(parts.train, validation, recipe.training.seed) }
  const training = fittedTraining(recipe.training, data.train.labels.length)
  return { recipe: { ...recipe, data: { ...recipe.data, validation }, training }, data }
}

/** How long and in what batches it learns from so many pictures: after that, epochs alone say how long. */
function fittedTraining({ minimumSteps, ...training }: Recipe['training'], pictures: number): Recipe['training'] {
  const batchSize = Math.min(training.batchSize, Math.max(1, pictures))
  const batchesPerEpoch = Math.max(1, Math.floor(pictures / batchSize))
  const epochs = Math.max(
    training.epochs,
    Math.ceil((minimumSteps ?? 0) / updatesPerEpoch(batchesPerEpoch, training.accumulate)),
  )
  return { ...training, batchSize, epochs }
}
