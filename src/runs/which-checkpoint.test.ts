import { describe, expect, it } from 'vitest'
import { freshProgress } from './progress.js'
import { checkRecipe } from './recipe.js'
import { whichCheckpoint } from './which-checkpoint.js'

const recipeOf = (validation: number) =>
  checkRecipe(
    {
      ...{ model: { name: 'alexnet-cifar' }, training: { epochs: 1 }, optimizer: { rate: 0.01 } },
      data: { name: 'shapes', validation },
    },
    'recipe',
  )
const chosenBy = (part?: 'validation' | 'test') => ({ ...freshProgress, best: { loss: 1, epoch: 1, part } })

describe('whichCheckpoint', () => {
  it.each([
    ['best', 'validation pictures have chosen it', 0, chosenBy('validation'), true],
    ['best', 'an earlier version held pictures out', 100, chosenBy(), true],
    ['last', 'the test pictures have chosen the best', 0, chosenBy('test'), true],
    ['last', 'there is no best', 100, chosenBy('validation'), false],
  ] as const)('takes the %s where %s', (which, _, validation, progress, hasBest) => {
    expect(whichCheckpoint({ recipe: recipeOf(validation), progress }, hasBest)).toBe(which)
  })
})
