import { checkRecipe, type Recipe } from 'alexnet'
import pct18 from '../../../recipes/18pct.yaml'
import pct19 from '../../../recipes/19pct.yaml'
import sec80 from '../../../recipes/80sec.yaml'
import alexnetCifar from '../../../recipes/alexnet-cifar.yaml'
import shapes from '../../../recipes/shapes.yaml'

export const dataNames = ['shapes', 'cifar10'] as const
export type DataName = (typeof dataNames)[number]

/** Networks that train in a tab within minutes. */
export const modelNames = ['alexnet-cifar', '80sec', '19pct', '18pct'] as const
export type ModelName = (typeof modelNames)[number]

const files: Readonly<Record<ModelName, unknown>> = {
  'alexnet-cifar': alexnetCifar,
  '80sec': sec80,
  '19pct': pct19,
  '18pct': pct18,
}

/** The most epochs that are proposed: a tab is for minutes, not for hours. */
const MOST_EPOCHS = 10

/** The settings that this network is known to learn with: the package's own recipes. */
export function baseRecipe(model: ModelName, data: DataName): Recipe {
  if (model === 'alexnet-cifar' && data === 'shapes') return withoutClaim(checkRecipe(shapes, 'shapes.yaml'))
  const recipe = withoutClaim(checkRecipe(files[model], `${model}.yaml`))
  return {
    ...recipe,
    data: { ...recipe.data, name: data },
    training: { ...recipe.training, epochs: Math.min(recipe.training.epochs, MOST_EPOCHS) },
    schedule:
      recipe.training.epochs > MOST_EPOCHS ? { kind: 'drops', at: [MOST_EPOCHS - 2], factor: 0.1 } : recipe.schedule,
  }
}

/** A claim holds for the recipe as it stands only. */
function withoutClaim({ claim: _, ...recipe }: Recipe): Recipe {
  return recipe
}
