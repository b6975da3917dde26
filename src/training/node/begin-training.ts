import type { Dataset } from '../../data/dataset.js'
import { openPictures } from '../../data/node/open-pictures.js'
import { inputShape } from '../../data/preprocessing.js'
import { initialState } from '../../models/initial-state.js'
import { withRateMultipliers } from '../../models/rate-multipliers.js'
import type { Checkpoint } from '../../runs/checkpoint.js'
import type { Recipe } from '../../runs/recipe.js'
import { checkFineTuning, fineTune } from '../fine-tuning.js'
import { buildModel, preparePictures } from '../prepare-run.js'

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
  const { classes, labels } = train
  const { seed } = recipe.training
  const { read, close } = openPictures(train)
  try {
    const preprocessing = await preparePictures(recipe, read, labels.length, weights?.preprocessing.normalisation)
    if (!weights) {
      const model = buildModel(recipe, preprocessing, classes.length)
      return { preprocessing, model, state: initialState(model, seed) }
    }
    const { model, ...rest } = fineTune(weights, classes, seed)
    checkFineTuning(model, inputShape(preprocessing), preprocessing)
    return { preprocessing, model: withRateMultipliers(model, recipe.optimizer.multipliers ?? {}), ...rest }
  } finally {
    close()
  }
}
