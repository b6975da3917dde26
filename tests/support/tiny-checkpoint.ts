import { createModel } from '../../src/models/catalogue.js'
import { initialState } from '../../src/models/initial-state.js'
import type { Checkpoint } from '../../src/runs/checkpoint.js'
import { freshProgress } from '../../src/runs/progress.js'
import { checkRecipe } from '../../src/runs/recipe.js'

/** A small net as it starts, with LRN and dropout, for pictures of 32×32. */
export function tinyCheckpoint(): Checkpoint {
  const options = { width: 1 / 8, lrn: true, initial: 'he' } as const
  const model = createModel('alexnet-cifar', {}, options)
  return {
    model,
    classes: Array.from({ length: model.classes }, (_, i) => `class ${i}`),
    preprocessing: {
      size: 32,
      normalisation: { kind: 'channel', mean: [120, 125, 130], deviation: [60, 61, 62] },
      augmentation: [{ kind: 'random-crop', size: 32, padding: 2 }, { kind: 'mirror' }],
    },
    recipe: checkRecipe(
      {
        model: { name: 'alexnet-cifar', ...options },
        data: { name: 'shapes' },
        training: { epochs: 1 },
        optimizer: { rate: 0.01 },
      },
      'test',
    ),
    progress: freshProgress,
    state: initialState(model, 1),
  }
}
