import { followsValidation, type Recipe } from '../../../runs/recipe.js'
import { duration } from '../../format.js'

/** How long a training takes, for people: `about 25 min 10 s`; `at most` where the validation loss may end it earlier. */
export function aboutTime(recipe: Recipe, seconds: number): string {
  return `${followsValidation(recipe) === undefined ? '' : 'at most '}about ${duration(seconds)}`
}
