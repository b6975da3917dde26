import type { Dataset } from '../../data/dataset.js'
import { measureColour } from '../../data/measure-colour.js'
import { measureNormalisation } from '../../data/measure-normalisation.js'
import { openPictures } from '../../data/node/open-pictures.js'
import type { Normalisation } from '../../data/normalisation.js'
import { picturesOf } from '../../data/pictures.js'
import { inputShape, type Preprocessing } from '../../data/preprocessing.js'
import { needsColour, resolveTransforms } from '../../data/transforms/transform.js'
import { createModel } from '../../models/catalogue.js'
import { initialState } from '../../models/initial-state.js'
import type { Model } from '../../models/model.js'
import { withRateMultipliers } from '../../models/rate-multipliers.js'
import type { Checkpoint } from '../checkpoint.js'
import { checkFineTuning, fineTune } from '../fine-tuning.js'
import type { Recipe } from '../recipe.js'

export interface Beginning extends Pick<Checkpoint, 'preprocessing' | 'model' | 'state'> {
  /** The layer that begins anew in a trained network. */
  readonly head?: string
}

/** What a new run starts with: drawn from nothing, or a trained network that is made ready for these classes. */
export async function beginTraining(
  recipe: Recipe,
  train: Dataset,
  weights: Checkpoint | undefined,
): Promise<Beginning> {
  const { multipliers = {} } = recipe.optimizer
  const { seed } = recipe.training
  const { classes } = train
  const measured = await preparePictures(recipe, train, weights?.preprocessing.normalisation)
  const tuned = weights && fineTune(weights, classes, seed)
  const model = withRateMultipliers(tuned?.model ?? buildModel(recipe, measured, classes.length), multipliers)
  if (tuned) checkFineTuning(model, inputShape(measured), measured)
  return { preprocessing: measured, model, state: tuned?.state ?? initialState(model, seed), head: tuned?.head }
}

/** Pictures that mean and deviation are measured on: more would not change their third digit. */
const MEASURED_PICTURES = 50_000

/** @param known The normalisation that a trained network is used to; otherwise it is measured. */
async function preparePictures(recipe: Recipe, train: Dataset, known?: Normalisation): Promise<Preprocessing> {
  const { read, close } = openPictures(train)
  try {
    const { augmentation } = recipe.data
    const [, height, width] = (await read(0)).shape
    const size = recipe.data.size ?? Math.min(height, width)
    const pictures = () => picturesOf(read, train.labels.length, MEASURED_PICTURES)
    const normalisation = known ?? (await measureNormalisation(pictures(), recipe.data.normalisation, size))
    const colour = needsColour(augmentation) ? await measureColour(pictures()) : undefined
    return { size, augmentation: resolveTransforms(augmentation, size, colour), normalisation }
  } finally {
    close()
  }
}

function buildModel(recipe: Recipe, preprocessing: Preprocessing, classes: number): Model {
  const { name, ...modelOptions } = recipe.model
  return createModel(name, { inputShape: inputShape(preprocessing), classes }, modelOptions)
}
