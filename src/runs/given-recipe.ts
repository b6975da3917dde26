import type { DatasetParts } from '../data/dataset.js'
import { checkDataset } from '../data/memory-dataset.js'
import { AlexNetError } from '../errors.js'
import type { Model } from '../models/model.js'
import { checkOutputs, ownModelSettings } from '../models/model-settings.js'
import type { Checkpoint } from './checkpoint.js'
import { checkRecipe, type Recipe, type RecipeSettings } from './recipe.js'

/** The settings of a run as a program gives them: what its own network and data say may be left out. */
export interface GivenSettings {
  readonly claim?: string | undefined
  readonly model?: RecipeSettings['model']
  readonly weights?: string | undefined
  readonly data?: Partial<RecipeSettings['data']>
  readonly training?: Partial<RecipeSettings['training']>
  readonly optimizer?: Partial<RecipeSettings['optimizer']>
  readonly loss?: RecipeSettings['loss']
  readonly schedule?: RecipeSettings['schedule']
}

/** What a program gives besides. */
export interface GivenParts {
  /** A network of one's own, instead of one of the recipe. */
  readonly model?: Model
  /** One's own data, instead of what the recipe names. */
  readonly data?: DatasetParts
  /**
   * A trained network to begin with, instead of one of the recipe: what `readWeights` gives. Where `recipe.weights` is the
   * run that it is of, no picture that this has learnt from is held out.
   */
  readonly weights?: Checkpoint
}

/**
 * The recipe of a run with a program's own network and data: the network stands in it layer by layer, so that the recipe
 * builds it again; of the data it says what it is called, and that a program has given it.
 *
 * @throws AlexNetError `invalid-setting` when the network is given twice, or is none for these classes, or the data does
 *   not fit itself; and as `checkRecipe` does.
 */
export function givenRecipe(settings: GivenSettings, { model, data, weights }: GivenParts): Recipe {
  if (!model && !data && !weights) return checkRecipe(settings, 'the recipe')
  const others = [
    settings.model && `${settings.model.name} in the recipe`,
    weights && `${weights.model.name} of the weights`,
  ]
  const other = others.find((name) => name !== undefined)
  if (model && other !== undefined)
    throw new AlexNetError(
      'invalid-setting',
      `the network is given twice: ${model.name}, and ${other}`,
      'Leave one of them out.',
    )
  if (data) checkParts(data)
  if (model && data) checkOutputs({ ...model, classes: data.train.classes.length })
  // What the recipe claims was reached with what it names.
  const { claim: _, ...rest } = settings
  const own = {
    ...rest,
    ...(weights && !settings.model && { model: weights.recipe.model }),
    ...(model && { model: ownModelSettings(model) }),
    data: {
      ...settings.data,
      ...(model && settings.data?.size === undefined && { size: model.inputShape[1] }),
      ...(data && markOf(data)),
    },
  }
  return checkRecipe(own, 'the recipe')
}

/**
 * The recipe with which a run goes on: the run's own, with what is given of its training, learning rule, loss, mixing and schedule.
 * @throws AlexNetError `invalid-setting` when another network is given, or data that does not fit itself.
 */
export function resumedRecipe(own: Recipe, settings: GivenSettings = {}, { model, data }: GivenParts): Recipe {
  if (model)
    throw new AlexNetError(
      'invalid-setting',
      `a run goes on with the network that it was begun with (${own.model.name}): ${model.name} cannot be given`,
      'Leave the model out, or start a new run.',
    )
  if (data) checkParts(data)
  return checkRecipe(
    {
      ...own,
      ...settings,
      model: own.model,
      data: { ...own.data, ...(settings.data?.mix && { mix: settings.data.mix }), ...(data && markOf(data)) },
      training: { ...own.training, ...settings.training },
      optimizer: { ...own.optimizer, ...settings.optimizer },
    },
    'the recipe',
  )
}

/** What a recipe says of given data: its name is that of the training part without `train`. */
function markOf({ train }: DatasetParts) {
  return { name: train.name.replace(/ train$/, ''), given: true } as const
}

function checkParts(parts: DatasetParts): void {
  const { train } = parts
  for (const part of [train, parts.validation, parts.test]) {
    if (!part) continue
    checkDataset(part)
    if (part.classes.join('\n') !== train.classes.join('\n'))
      throw new AlexNetError(
        'invalid-setting',
        `${part.name} has the classes ${part.classes.join(', ')}, expected those of ${train.name}: ${train.classes.join(', ')}`,
      )
  }
}
