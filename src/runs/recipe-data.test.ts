import { expect, it } from 'vitest'
import { shapes } from '../data/shapes.js'
import { checkRecipe } from './recipe.js'
import { recipeData } from './recipe-data.js'

const parts = shapes({ seed: 1, train: 100, test: 10 })

const trainingOf = (training: object, validation = 0) =>
  recipeData(
    checkRecipe(
      { model: { name: '80sec' }, data: { name: 'shapes', validation }, training, optimizer: { rate: 1 } },
      'test',
    ),
    parts,
  ).recipe.training

it('a small training part is gone through more often than is said, for the steps that are asked for at least', () => {
  expect(trainingOf({ epochs: 2, batchSize: 32, minimumSteps: 10 })).toEqual({ epochs: 4, batchSize: 32, seed: 1 })
  expect(trainingOf({ epochs: 9, batchSize: 32, minimumSteps: 10 })).toEqual({ epochs: 9, batchSize: 32, seed: 1 })
  // 80 pictures are left to learn from: two batches.
  expect(trainingOf({ epochs: 2, batchSize: 32, minimumSteps: 10 }, 20)).toEqual({ epochs: 5, batchSize: 32, seed: 1 })
})

it('a batch is no larger than the training part', () => {
  expect(trainingOf({ epochs: 2, batchSize: 128 })).toEqual({ epochs: 2, batchSize: 100, seed: 1 })
  expect(trainingOf({ epochs: 2, batchSize: 100 })).toEqual({ epochs: 2, batchSize: 100, seed: 1 })
})
