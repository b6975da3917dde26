import { AlexNetError } from '../../../errors.js'
import { createModel } from '../../../models/catalogue.js'
import type { ModelOptions } from '../../../models/options.js'
import type { Checkpoint } from '../../../runs/checkpoint.js'
import { readRecipe } from '../../../runs/node/recipes.js'
import type { Recipe } from '../../../runs/recipe.js'

/** What a new run's settings begin with. */
export interface BaseRecipe {
  readonly recipe: Recipe
  /** Where they come from, in words. */
  readonly origin: string
}

/** The recipe to begin with: the one asked for, the one of fine-tuning, the model's, or the data set's. */
export async function baseRecipe(
  dataset: string | undefined,
  asked: { readonly recipe?: string; readonly model?: string; readonly weights?: string },
): Promise<BaseRecipe> {
  const { model } = asked
  if (asked.recipe !== undefined) return { recipe: await askedRecipe(asked.recipe, model), origin: asked.recipe }
  if (asked.weights !== undefined) return named('fine-tune')
  if (model === undefined) return named(dataset === 'cifar10' ? '80sec' : (dataset ?? 'shapes'))
  const { inputShape } = createModel(model) // An unknown model is to be called a model, not a recipe.
  if (dataset === 'pictures') return ofPictures(model, inputShape[1])
  const { recipe, origin } = await named(model)
  return { recipe: { ...recipe, claim: undefined, data: { ...recipe.data, name: 'shapes' } }, origin }
}

async function named(name: string): Promise<BaseRecipe> {
  return { recipe: await readRecipe(name), origin: name }
}

async function askedRecipe(name: string, model: string | undefined): Promise<Recipe> {
  const recipe = await readRecipe(name)
  if (model === undefined || model === recipe.model.name) return recipe
  throw new AlexNetError(
    'usage',
    `the recipe ${name} is for the network ${recipe.model.name}: its rate, decay and normalisation do not suit ${model}`,
    `Leave --recipe or --model out, or copy the recipe and change it.`,
  )
}

/**
 * A network of one's choice on one's own pictures: its own width, normalisation and rule of learning, on pictures of the
 * size that it was made for, for as long as the recipe `pictures` says.
 *
 * @param side Of the pictures that the network was made for.
 */
async function ofPictures(model: string, side: number): Promise<BaseRecipe> {
  const pictures = await readRecipe('pictures')
  if (model === pictures.model.name) return { recipe: pictures, origin: 'pictures' }
  const own = await readRecipe(model)
  const seen = createModel(pictures.model.name).inputShape[1]
  const { size, augmentation, validation } = pictures.data
  const { norm } = pictures.model
  const normalised = takesNorm(model, norm)
  const sized =
    side === seen
      ? { size, augmentation }
      : { size: side, augmentation: own.data.augmentation, normalisation: own.data.normalisation }
  const recipe: Recipe = {
    ...pictures,
    model: { ...own.model, ...(normalised && { norm }) },
    data: { ...pictures.data, ...sized, validation },
    optimizer: own.optimizer,
  }
  return {
    recipe,
    origin: `pictures, with the network, width, rate and rule of learning of ${model}, and pictures of its size${normalised ? '; with batch normalisation it begins at once (--no-lrn: without)' : ''}`,
  }
}

/** Whether the network has places for this normalisation. */
function takesNorm(model: string, norm: ModelOptions['norm']): boolean {
  try {
    createModel(model, {}, { norm })
    return true
  } catch {
    return false
  }
}

/** The recipe of fine-tuning with the network that the weights belong to, and pictures of its size. */
export function fineTuningRecipe(recipe: Recipe, { recipe: trained, model, preprocessing }: Checkpoint): Recipe {
  const augmentation = recipe.data.augmentation.map((transform) =>
    'size' in transform ? { ...transform, size: model.inputShape[1] } : transform,
  )
  return { ...recipe, model: trained.model, data: { ...recipe.data, size: preprocessing.size, augmentation } }
}
