import { type BatchLoader, batchLoader } from '../../data/batch-loader.js'
import { memoryReader } from '../../data/pictures.js'
import { AlexNetError } from '../../errors.js'
import { decodeCheckpoint } from '../../runs/checkpoint.js'
import { recipeData } from '../../runs/recipe-data.js'
import { loaderOptionsOf, type PreparedRun, prepareRun } from '../prepare-run.js'
import { loadWebData } from './load-web-data.js'
import { withMessageTurns } from './message-turns.js'
import type { WebTrainingOptions } from './messages.js'

/** A training in a tab before its first step. */
export interface WebRun extends PreparedRun {
  readonly loader: BatchLoader
  readonly evaluation: BatchLoader
}

/**
 * Loads the pictures, and makes or takes over the network.
 * @throws AlexNetError when the settings, the files or the checkpoint are wrong, or do not fit each other.
 */
export async function prepareWebRun(options: WebTrainingOptions): Promise<WebRun> {
  const checkpoint = options.checkpoint && decodeCheckpoint(options.checkpoint, 'the checkpoint')
  const wanted = options.recipe ?? checkpoint?.recipe
  if (!wanted) throw new AlexNetError('invalid-setting', 'a training needs a recipe or a checkpoint to go on from')
  const run = await prepareRun({
    ...recipeData(wanted, loadWebData(options.data, wanted.training.seed)),
    open: ({ pictures, name }) => ({ read: memoryReader(pictures, name), close() {} }),
    resumed: checkpoint && {
      checkpoint,
      name: 'the checkpoint',
      hint: 'Open the pictures that it was trained on.',
    },
  })
  const training = loaderOptionsOf(run)
  const { evaluated: dataset, preprocessing } = run
  const batchSize = Math.min(training.batchSize, dataset.labels.length)
  return {
    ...run,
    loader: withMessageTurns(batchLoader(training)),
    evaluation: withMessageTurns(batchLoader({ dataset, preprocessing, batchSize, seed: training.seed })),
  }
}
