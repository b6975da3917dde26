import { AlexNetError } from '../../../errors.js'
import { readWeights } from '../../../exchange/node/read-weights.js'
import type { Checkpoint } from '../../../runs/checkpoint.js'
import { readRecipe } from '../../../runs/node/recipes.js'
import { RunDirectory } from '../../../runs/node/run-directory.js'
import { checkRecipe, type Recipe } from '../../../runs/recipe.js'
import type { RunOptions } from '../../../training/node/run-training.js'
import type { ChosenDataset } from '../../chosen-dataset.js'
import type { TrainFlags } from './flags.js'

export interface TrainSettings extends Pick<RunOptions, 'recipe' | 'resume' | 'weights'> {
  /** What had to be assumed about the weights. */
  readonly notes?: readonly string[]
}

/** What a run is made with: a new one of recipe and flags, or one that goes on. */
export async function trainSettings(chosen: ChosenDataset, flags: TrainFlags): Promise<TrainSettings> {
  const { name, directory } = chosen
  if (flags.resume === undefined) {
    const recipe = override(await baseRecipe(name, flags), name, flags)
    if (recipe.weights === undefined) return { recipe }
    const { checkpoint: weights, notes } = await readWeights(recipe.weights)
    return { recipe: flags.recipe === undefined ? fitted(recipe, weights) : recipe, weights, notes }
  }
  refuseChanges(name === 'pictures' ? directory : name, flags)
  const resume = await RunDirectory.resume(flags.resume)
  const recipe = override(resume.checkpoint.recipe, undefined, flags)
  if (recipe.schedule.kind === 'plateau' && recipe.data.validation === 0) {
    await resume.run.close()
    throw new AlexNetError(
      'invalid-setting',
      'a plateau schedule follows the validation loss, and this run has held out no validation pictures',
      'Choose another --schedule, or start a new run.',
    )
  }
  return { recipe, resume }
}

/** The exact continuation of a run needs its network, its pictures and their order as they were. */
function refuseChanges(dataset: string | undefined, flags: TrainFlags): void {
  const fixed = {
    dataset,
    '--recipe': flags.recipe,
    '--model': flags.model,
    '--width': flags.width,
    '--activation': flags.activation,
    '--lrn': flags.lrn,
    '--pooling': flags.pooling,
    '--dropout': flags.dropout,
    '--initial': flags.initial,
    '--image-size': flags.imageSize,
    '--validation': flags.validation,
    '--val-fraction': flags.valFraction,
    '--batch-size': flags.batchSize,
    '--seed': flags.seed,
    '--weights': flags.weights,
    '--freeze': flags.freeze,
    '--multipliers': flags.multipliers,
    '--rule': flags.rule, // the velocities of the one mean nothing to the other
    '--out': flags.out,
  }
  const changed = Object.entries(fixed).find(([, value]) => value !== undefined)?.[0]
  if (changed === undefined) return
  throw new AlexNetError(
    'usage',
    `--resume goes on with a run as it was started: ${changed === 'dataset' ? `the data set '${dataset}'` : changed} cannot be given`,
    'Leave it out, or start a new run without --resume.',
  )
}

/** The recipe to start from: the one asked for, the model's, or the data set's. */
async function baseRecipe(dataset: string | undefined, { recipe, model, weights }: TrainFlags): Promise<Recipe> {
  if (recipe !== undefined) {
    const asked = await readRecipe(recipe)
    if (model === undefined || model === asked.model.name) return asked
    throw new AlexNetError(
      'usage',
      `the recipe ${recipe} is for the network ${asked.model.name}: its rate, decay and normalisation do not suit ${model}`,
      `Leave --recipe or --model out, or copy the recipe and change it.`,
    )
  }
  if (weights !== undefined) return readRecipe('fine-tune')
  if (model !== undefined && dataset !== 'pictures') {
    const { createModel } = await import('../../../models/catalogue.js')
    createModel(model) // An unknown model is to be called a model, not a recipe.
    const own = await readRecipe(model)
    return { ...own, claim: undefined, data: { ...own.data, name: 'shapes' } }
  }
  return readRecipe(dataset === 'cifar10' ? '80sec' : (dataset ?? 'shapes'))
}

/** A recipe with what the flags say instead. What it claims holds only as long as nothing is changed. */
function override(recipe: Recipe, dataset: string | undefined, flags: TrainFlags): Recipe {
  const changed = {
    model: given({
      name: flags.model,
      width: flags.width,
      activation: flags.activation,
      lrn: flags.lrn,
      pooling: flags.pooling,
      dropout: flags.dropout,
      initial: flags.initial,
    }),
    data: given({ name: dataset, size: flags.imageSize, validation: flags.valFraction ?? flags.validation }),
    training: given({ epochs: flags.epochs, batchSize: flags.batchSize, seed: flags.seed }),
    optimizer: given({
      rate: flags.lr,
      momentum: flags.momentum,
      weightDecay: flags.weightDecay,
      rule: flags.rule,
      multipliers: multipliersOf(recipe, flags),
    }),
    schedule: given({ schedule: flags.schedule }),
  }
  const differs = [
    ...Object.entries(changed.model).map(([key, value]) => (recipe.model as Record<string, unknown>)[key] !== value),
    ...Object.entries(changed.data).map(([key, value]) => (recipe.data as Record<string, unknown>)[key] !== value),
    ...[changed.training, changed.optimizer, changed.schedule].map((part) => Object.keys(part).length > 0),
  ].some(Boolean)
  return checkRecipe(
    {
      ...(recipe.claim !== undefined && !differs && { claim: recipe.claim }),
      ...given({ weights: flags.weights ?? recipe.weights }),
      model: { ...recipe.model, ...changed.model },
      data: { ...recipe.data, ...changed.data },
      training: { ...recipe.training, ...changed.training },
      optimizer: { ...recipe.optimizer, ...changed.optimizer },
      schedule: flags.schedule ?? recipe.schedule,
    },
    'the settings',
  )
}

/** The recipe's multipliers, those of the flags, and what is frozen; undefined: none is asked for. */
function multipliersOf({ optimizer }: Recipe, { multipliers, freeze }: TrainFlags): Record<string, number> | undefined {
  if (!multipliers && !freeze) return undefined
  return { ...optimizer.multipliers, ...multipliers, ...Object.fromEntries((freeze ?? []).map((name) => [name, 0])) }
}

/** The recipe of fine-tuning with the network that the weights belong to, and pictures of its size. */
function fitted(recipe: Recipe, { recipe: trained, model, preprocessing }: Checkpoint): Recipe {
  const augmentation = recipe.data.augmentation.map((transform) =>
    'size' in transform ? { ...transform, size: model.inputShape[1] } : transform,
  )
  return {
    ...recipe,
    model: trained.model,
    data: { ...recipe.data, size: preprocessing.size, augmentation },
  }
}

/** Without the entries that are not given. */
function given<T extends Record<string, unknown>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}
