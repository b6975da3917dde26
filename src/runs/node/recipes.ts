import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { AlexNetError, messageOf } from '../../errors.js'
import { pointersIn } from '../../settings/pointers.js'
import { didYouMean } from '../../suggest.js'
import { type Recipe, recipeSchema } from '../recipe.js'
import { parseRecipe } from '../recipe-yaml.js'

/** The recipes that come with the package, beside its `dist/`. */
const directory = fileURLToPath(new URL('../../../recipes', import.meta.url))

/** The names of the recipes that come with the package. */
export async function recipeNames(): Promise<string[]> {
  const files = await readdir(directory)
  return files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length))
}

/**
 * Reads a recipe: one of the package by its name, or any file by its path (with a `/` or ending in .yaml or .yml).
 * @throws AlexNetError `unknown-name` or `missing-data` when there is none, `invalid-setting` when it is wrong.
 */
export async function readRecipe(nameOrFile: string): Promise<Recipe> {
  if (/[/\\]|\.ya?ml$/.test(nameOrFile)) {
    try {
      return parseRecipe(await readFile(nameOrFile, 'utf8'), nameOrFile, pointersIn(recipeSchema))
    } catch (error) {
      if (error instanceof AlexNetError) throw error
      throw new AlexNetError('missing-data', `cannot read the recipe: ${messageOf(error)}`, undefined, { cause: error })
    }
  }
  const names = await recipeNames()
  if (!names.includes(nameOrFile))
    throw new AlexNetError(
      'unknown-name',
      `there is no recipe '${nameOrFile}'`,
      `${didYouMean(nameOrFile, names)} A file is given by its path: ./my-recipe.yaml`,
    )
  return parseRecipe(await readFile(`${directory}/${nameOrFile}.yaml`, 'utf8'), `recipe ${nameOrFile}`)
}
