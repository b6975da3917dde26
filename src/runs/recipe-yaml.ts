import { Document, isCollection, isSeq, parse as parseYaml } from 'yaml'
import { AlexNetError, messageOf } from '../errors.js'
import type { Pointers } from '../settings/check.js'
import { checkRecipe, type Recipe } from './recipe.js'

// A file of its own: a worker of a page checks recipes, but reads no YAML, whose parser is a tenth of the page.

/**
 * Reads a recipe.
 *
 * @param text YAML.
 * @param origin What messages call it: the file's name.
 * @param pointers For what a person has written.
 * @throws AlexNetError `invalid-setting` that names the key, or `unknown-name` for a key that does not exist.
 */
export function parseRecipe(text: string, origin: string, pointers?: Pointers): Recipe {
  let data: unknown
  try {
    data = parseYaml(text)
  } catch (error) {
    throw new AlexNetError('invalid-setting', `${origin} is not YAML: ${messageOf(error).split('\n')[0]}`, undefined, {
      cause: error,
    })
  }
  return checkRecipe(data, origin, pointers)
}

/** A recipe as YAML, with every setting written out; of a network of one's own a line for each layer. */
export function formatRecipe(recipe: Recipe): string {
  const document = new Document(recipe)
  for (const key of ['features', 'classifier']) {
    const layers = document.getIn(['model', key])
    if (isSeq(layers)) for (const layer of layers.items) if (isCollection(layer)) layer.flow = true
  }
  return document.toString({ lineWidth: 120 })
}
