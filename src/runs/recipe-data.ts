import type { DatasetParts } from '../data/dataset.js'
import { holdOut } from '../data/split.js'
import { type Recipe, resolveRecipe } from './recipe.js'

/**
 * The parts of a data set as a recipe wants them: its validation pictures are held out, the same ones for the same seed.
 * @returns With the recipe, which now tells how many they are.
 * @throws AlexNetError as `holdOut` does.
 */
export function recipeData(
  recipe: Recipe,
  parts: DatasetParts,
): { readonly recipe: Recipe; readonly data: DatasetParts } {
  const resolved = resolveRecipe(recipe, parts.train.labels.length, parts.validation !== undefined)
  const { validation } = resolved.data
  if (validation === 0) return { recipe: resolved, data: parts }
  return { recipe: resolved, data: { ...parts, ...holdOut(parts.train, validation, recipe.training.seed) } }
}
