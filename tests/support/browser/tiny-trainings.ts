import { batchLoader } from '../../../src/data/batch-loader.js'
import { memoryReader } from '../../../src/data/pictures.js'
import type { Engine } from '../../../src/engines/engine.js'
import { checkRecipe, type Recipe } from '../../../src/runs/recipe.js'
import { recipeData } from '../../../src/runs/recipe-data.js'
import { prepareRun, trainerOptionsOf } from '../../../src/training/prepare-run.js'
import { train } from '../../../src/training/trainer.js'
import { loadWebData } from '../../../src/training/web/load-web-data.js'

const settings = (model: object, rate: number, normalisation = 'channel') => ({
  model,
  data: { name: 'shapes', normalisation, augmentation: [{ kind: 'random-crop', padding: 2 }, { kind: 'mirror' }] },
  training: { epochs: 1, batchSize: 16 },
  optimizer: { rate },
})

/**
 * Small nets with everything that a net may have. Run in Node and in the tab by this same code. Rates are small: the steps
 * of a large one blow the roundings up in which two processors' exponentials differ.
 */
const trainings: Readonly<Record<string, unknown>> = {
  'with dropout': settings({ name: 'alexnet-cifar', width: 1 / 8, dropout: 0.5, initial: 'he' }, 0.01),
  'with LRN across channels': settings({ name: 'alexnet-cifar', width: 1 / 8, lrn: true, initial: 'he' }, 0.003),
  'with LRN within maps': settings({ name: '18pct', width: 1 / 4 }, 0.001, 'pixel'),
  'with average pooling': settings({ name: '80sec', width: 1 / 4 }, 0.001, 'pixel'),
}

export const trainingNames = Object.keys(trainings)

/** As small as nets get, for a graphics adapter in software. */
const smallest = {
  model: { name: 'alexnet-cifar', width: 1 / 16, lrn: true, dropout: 0.5, initial: 'he' },
  data: { name: 'shapes', size: 16 },
  training: { epochs: 1, batchSize: 3 },
  optimizer: { rate: 0.01 },
}

export function tinyRecipe(name: string): Recipe {
  return checkRecipe(name === 'smallest' ? smallest : trainings[name], name)
}

/** The losses of the first steps. */
export async function firstLosses(engine: Engine, name: string, steps: number): Promise<number[]> {
  const recipe = tinyRecipe(name)
  const { batchSize, seed } = recipe.training
  const run = await prepareRun({
    ...recipeData(recipe, loadWebData({ kind: 'shapes', train: steps * batchSize, test: 10 }, seed)),
    open: ({ pictures, name }) => ({ read: memoryReader(pictures, name), close() {} }),
  })
  const { data, preprocessing } = run
  const losses: number[] = []
  await train(
    {
      ...trainerOptionsOf(run),
      engine,
      loader: batchLoader({ dataset: data.train, preprocessing, batchSize, seed }),
      evaluation: batchLoader({ dataset: data.test!, preprocessing, batchSize: 10, seed }),
    },
    { onStep: ({ loss }) => void losses.push(loss) },
  )
  return losses
}
