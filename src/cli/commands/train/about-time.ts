import type { Recipe } from '../../../runs/recipe.js'
import { duration } from '../../format.js'

/** How long a training takes, for people: `about 25 min 10 s`; `at most` where its schedule may end it earlier. */
export function aboutTime({ schedule }: Recipe, seconds: number): string {
  return `${schedule.kind === 'plateau' ? 'at most ' : ''}about ${duration(seconds)}`
}
