import { type BatchLoader, batchLoader } from '../../data/batch-loader.js'
import type { Dataset } from '../../data/dataset.js'
import { memoryReader } from '../../data/pictures.js'
import type { Preprocessing } from '../../data/preprocessing.js'
import { holdOut } from '../../data/split.js'
import { AlexNetError } from '../../errors.js'
import { initialState } from '../../models/initial-state.js'
import type { Model } from '../../models/model.js'
import { decodeCheckpoint } from '../../runs/checkpoint.js'
import type { EvaluationPart, Progress } from '../../runs/progress.js'
import { type Recipe, resolveRecipe } from '../../runs/recipe.js'
import type { Tensors } from '../../tensor.js'
import { buildModel, evaluatedPart, preparePictures, startingProgress } from '../prepare-run.js'
import { loadWebData } from './load-web-data.js'
import { withMessageTurns } from './message-turns.js'
import type { WebTrainingOptions } from './messages.js'

/** A training in a tab before its first step. */
export interface WebRun {
  readonly recipe: Recipe
  readonly model: Model
  readonly classes: readonly string[]
  readonly preprocessing: Preprocessing
  readonly state: Tensors
  readonly progress: Progress
  readonly train: Dataset
  readonly evaluated: Dataset
  readonly evaluationPart: EvaluationPart
  readonly loader: BatchLoader
  readonly evaluation: BatchLoader
}

/**
 * Loads the pictures and builds the network, or takes it from the checkpoint.
 * @throws AlexNetError when the settings, the files or the checkpoint are wrong, or do not fit each other.
 */
export async function prepareWebRun(options: WebTrainingOptions): Promise<WebRun> {
  const checkpoint = options.checkpoint && decodeCheckpoint(options.checkpoint, 'the checkpoint')
  const wanted = options.recipe ?? checkpoint?.recipe
  if (!wanted) throw new AlexNetError('invalid-setting', 'a training needs a recipe or a checkpoint to go on from')
  const { batchSize, seed } = wanted.training
  const parts = loadWebData(options.data, seed)
  const recipe = checkpoint ? wanted : resolveRecipe(wanted, parts.train.labels.length, false)
  const { validation } = recipe.data
  const data = validation > 0 ? { ...parts, ...holdOut(parts.train, validation, seed) } : parts
  const { classes } = data.train
  if (checkpoint && checkpoint.classes.join() !== classes.join())
    throw new AlexNetError(
      'incompatible-state',
      `the checkpoint tells ${checkpoint.classes.length} classes apart (${checkpoint.classes.join(', ')}), the pictures have ${classes.length} (${classes.join(', ')})`,
      'Open the pictures that it was trained on.',
    )
  const [evaluationPart, evaluated] = evaluatedPart(data)
  const preprocessing =
    checkpoint?.preprocessing ??
    (await preparePictures(recipe, memoryReader(data.train.pictures, data.train.name), data.train.labels.length))
  const model = checkpoint?.model ?? buildModel(recipe, preprocessing, classes.length)
  const loaderOf = (dataset: Dataset, size: number) =>
    withMessageTurns(batchLoader({ dataset, preprocessing, batchSize: size, seed }))
  return {
    recipe,
    model,
    classes,
    preprocessing,
    state: checkpoint?.state ?? initialState(model, seed),
    progress: startingProgress(recipe, checkpoint),
    train: data.train,
    evaluated,
    evaluationPart,
    loader: loaderOf(data.train, batchSize),
    evaluation: loaderOf(evaluated, Math.min(batchSize, evaluated.labels.length)),
  }
}
