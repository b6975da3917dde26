/** A network with random weights, as a file of a run: what it answers is no matter where only time counts. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createModel, encodeCheckpoint, freshProgress, initialState } from '../dist/index.js'
import { readRecipe } from '../dist/node.js'

/**
 * @param {string} folder where the file is written
 * @param {string} name of the network, and of its recipe
 * @param {number} side of the pictures, in pixels
 * @param {readonly string[]} classes
 * @returns {Promise<string>} the file
 */
export async function randomNetwork(folder, name, side, classes) {
  const model = createModel(name, { inputShape: [3, side, side], classes: classes.length })
  const file = join(folder, `${name}.safetensors`)
  const checkpoint = {
    model,
    classes,
    preprocessing: {
      size: side,
      normalisation: { kind: 'channel', mean: [124, 116, 104], deviation: [58, 57, 57] },
      augmentation: [],
    },
    recipe: await readRecipe(name),
    progress: freshProgress,
    state: initialState(model, 1),
  }
  await writeFile(file, encodeCheckpoint(checkpoint))
  return file
}
