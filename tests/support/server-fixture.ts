import sharp from 'sharp'
import { createModel } from '../../src/models/catalogue.js'
import { initialState } from '../../src/models/initial-state.js'
import type { Checkpoint } from '../../src/runs/checkpoint.js'
import { freshProgress } from '../../src/runs/progress.js'
import { checkRecipe } from '../../src/runs/recipe.js'

const classes = ['circle', 'ring', 'square', 'triangle', 'star', 'cross', 'crescent', 'heart', 'arrow', 'hourglass']

/** A net that has learnt nothing, and answers in no time. */
export function tinyCheckpoint(): Checkpoint {
  const recipe = checkRecipe(
    {
      model: { name: 'alexnet-cifar', width: 0.0625 },
      data: { name: 'shapes' },
      training: { epochs: 2 },
      optimizer: { rate: 0.01 },
    },
    'the fixture',
  )
  const { name, ...options } = recipe.model
  const model = createModel(name, { inputShape: [3, 32, 32], classes: classes.length }, options)
  return {
    model,
    classes,
    preprocessing: {
      size: 32,
      normalisation: { kind: 'channel', mean: [120, 120, 120], deviation: [60, 60, 60] },
      augmentation: [],
    },
    recipe,
    progress: freshProgress,
    state: initialState(model, 7),
  }
}

/** A picture of chance, the same for the same seed. */
export function picture(seed: number, format: 'jpeg' | 'png' | 'webp' = 'jpeg', width = 40, height = 32) {
  let state = seed + 1
  const data = Uint8Array.from({ length: 3 * width * height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
  return sharp(data, { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .toBuffer()
}
