import type { FolderFacts } from '../../../data/folder-facts.js'
import { AlexNetError } from '../../../errors.js'
import { createModel } from '../../../models/catalogue.js'
import type { ModelOptions } from '../../../models/options.js'
import type { Checkpoint } from '../../../runs/checkpoint.js'
import { type FolderDefault, folderDefaults, withDefaults } from '../../../runs/folder-defaults.js'
import { readRecipe } from '../../../runs/node/recipes.js'
import type { Recipe } from '../../../runs/recipe.js'

/** What a new run's settings begin with. */
export interface BaseRecipe {
  readonly recipe: Recipe
  /** Where they come from, in words. */
  readonly origin: string
  /** What in it follows the folder of pictures. */
  readonly chosen?: readonly FolderDefault[]
}

/** What is given that the base depends on. */
interface Asked {
  readonly recipe?: string
  readonly model?: string
  readonly norm?: string
  readonly weights?: string
  /** The size of pictures. */
  readonly size?: number
}

/**
 * The recipe to begin with: the one asked for, the one of fine-tuning, the model's, or the data set's.
 * @param folder The folder of one's own pictures, which the defaults follow.
 */
export async function baseRecipe(dataset: string | undefined, asked: Asked, folder?: FolderFacts): Promise<BaseRecipe> {
  const { model } = asked
  if (asked.recipe !== undefined) return { recipe: await askedRecipe(asked.recipe, model), origin: asked.recipe }
  const chosen = folder && folderDefaults(folder, await readRecipe('pictures'), asked.size)
  const fitted = async (name: string, parts: readonly string[] = ['']): Promise<BaseRecipe> => {
    const base = await named(name)
    const own = chosen?.filter(({ key }) => parts.some((part) => key.startsWith(part)))
    return own ? { ...base, recipe: withDefaults(base.recipe, own), chosen: own } : base
  }
  if (asked.weights !== undefined) return fitted('fine-tune', ['data.validation'])
  if (model === undefined) return fitted(dataset === 'cifar10' ? '80sec' : (dataset ?? 'shapes'))
  const { inputShape } = createModel(model) // An unknown model is to be called a model, not a recipe.
  if (dataset === 'pictures') {
    const all = await fitted('pictures')
    if (all.recipe.model.name === model) return all
    const base = await fitted('pictures', ['data.validation', 'training'])
    return { ...base, ...(await ofPictures(model, inputShape[1], asked.norm, base.recipe)) }
  }
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
 * size that it was made for, for as long as the recipe `pictures` says, in batches of its number. Where it can have that
 * recipe's batch normalisation it starts as there, too: weights that were made to be larger than they need be with it give
 * losses of 10 and more in the first steps.
 *
 * @param side Of the pictures that the network was made for.
 * @param asked The normalisation that is asked for in place of the recipe's.
 * @param pictures That recipe.
 */
async function ofPictures(
  model: string,
  side: number,
  asked: string | undefined,
  pictures: Recipe,
): Promise<BaseRecipe> {
  if (model === pictures.model.name) return { recipe: pictures, origin: 'pictures' }
  const own = await readRecipe(model)
  const seen = createModel(pictures.model.name).inputShape[1]
  const { size, augmentation, validation } = pictures.data
  const { norm, initial } = pictures.model
  const normalised = (asked ?? norm) === norm && takesNorm(model, norm)
  const sized =
    side === seen
      ? { size, augmentation }
      : { size: side, augmentation: own.data.augmentation, normalisation: own.data.normalisation }
  const recipe: Recipe = {
    ...pictures,
    model: { ...own.model, ...(normalised && { norm, initial }) },
    data: { ...pictures.data, ...sized, validation },
    optimizer: { ...own.optimizer, rate: rateFor(pictures.training.batchSize, own) },
  }
  const from = `pictures, with the network, width and rule of learning of ${model}, its rate for smaller batches, and pictures of its size`
  const begins = normalised && asked === undefined
  return { recipe, origin: begins ? `${from}; with batch normalisation it begins at once (--no-lrn: without)` : from }
}

/**
 * The rate of a recipe for batches of another number: a mean over fewer pictures is less certain, and with the square root
 * the variance of an update stays what it was (Krizhevsky, "One weird trick for parallelizing convolutional neural networks").
 */
function rateFor(batchSize: number, { optimizer, training }: Recipe): number {
  return Number((optimizer.rate * Math.sqrt(batchSize / training.batchSize)).toPrecision(2))
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
