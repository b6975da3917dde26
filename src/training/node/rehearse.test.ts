import { expect, it } from 'vitest'
import { greyData } from '../../../tests/support/grey-pictures.js'
import { referenceEngine } from '../../engines/reference/reference-engine.js'
import { defineModel } from '../../models/define-model.js'
import { givenRecipe } from '../../runs/given-recipe.js'
import { rehearse } from './rehearse.js'

const grey = greyData(8, 8)
const data = { train: grey.train, validation: grey.test }
const model = defineModel({
  name: 'own',
  inputShape: [3, 8, 8],
  features: [],
  classifier: [{ kind: 'linear', outputs: 2 }],
})

it('tries enough steps to tell their time, however little patience the training has', async () => {
  // At this rate nothing becomes better.
  const settings = { training: { epochs: 2, batchSize: 8, patience: 1 }, optimizer: { rate: 1e-30 } }
  const recipe = givenRecipe(settings, { model, data })
  const engine = { engine: referenceEngine(), reason: 'test' }
  const rehearsal = await rehearse({ recipe, model, data, engine, workers: 0, threads: 1 })
  expect(rehearsal).toMatchObject({ steps: 2, batchesPerEpoch: 1 })
  expect(rehearsal.secondsPerStep).toBeGreaterThan(0)
})
