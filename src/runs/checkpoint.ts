import * as z from 'zod'
import { type Preprocessing, packPreprocessing, unpackPreprocessing } from '../data/preprocessing.js'
import type { KernelChoices } from '../engines/engine.js'
import { AlexNetError, messageOf } from '../errors.js'
import { decodeSafetensors, decodeSafetensorsMetadata, safetensorsParts } from '../formats/safetensors.js'
import { type Model, modelSchema, parametersOf, tensorsOf } from '../models/model.js'
import { averaged, averageName } from '../optimizers/average.js'
import { slotNames } from '../optimizers/index.js'
import { checkWritten } from '../settings/check.js'
import { formatShape, sameShape, type Tensor, type Tensors } from '../tensor.js'
import { type Progress, progressSchema } from './progress.js'
import { type Recipe, recipeSchema } from './recipe.js'

/** A trained model, and all that is needed to use it or to go on training it. */
export interface Checkpoint {
  readonly model: Model
  /** The classes' names, in the order of the model's outputs. */
  readonly classes: readonly string[]
  readonly preprocessing: Preprocessing
  /** The settings of the run as resolved. */
  readonly recipe: Recipe
  readonly progress: Progress
  /** The kernels that the run computes with, where the engine chooses any. */
  readonly choices?: KernelChoices
  /**
   * The parameters, their averages where the run keeps them (`average:features.0.weight`), the statistics, and in a
   * checkpoint to go on from also what the optimizer keeps (`velocity:features.0.weight`).
   */
  readonly state: Tensors
}

const MEAN_PICTURE = 'preprocessing.mean'
const FORMAT = 'alexnet-checkpoint-1'

const metadataSchema = z.object({
  model: modelSchema,
  classes: z.array(z.string()).min(1),
  recipe: recipeSchema,
  progress: progressSchema,
  choices: z.record(z.string(), z.string()).optional(),
})

/**
 * A checkpoint as the parts of one self-describing safetensors file; everything but the tensors lies in its metadata.
 * The parts share memory with the tensors: write them before the next step.
 *
 * @param halves Names of tensors that are written as float16; they are read as float32.
 */
export function encodeCheckpoint(checkpoint: Checkpoint, halves?: ReadonlySet<string>): Uint8Array[] {
  const { model, classes, recipe, progress, choices, state } = checkpoint
  const { settings, meanPicture } = packPreprocessing(checkpoint.preprocessing)
  const tensors = meanPicture ? { ...state, [MEAN_PICTURE]: meanPicture } : state
  const metadata = {
    format: FORMAT,
    model: JSON.stringify(model),
    classes: JSON.stringify(classes),
    preprocessing: JSON.stringify(settings),
    recipe: JSON.stringify(recipe),
    progress: JSON.stringify(progress),
    ...(choices && { choices: JSON.stringify(choices) }),
  }
  return safetensorsParts(tensors, metadata, halves)
}

/**
 * Reads a checkpoint.
 *
 * @param origin What messages call it: the file's name.
 * @throws AlexNetError `corrupt-data` when it is damaged or no checkpoint, `incompatible-state` when its parameters are
 *   not those of its model.
 */
export function decodeCheckpoint(bytes: Uint8Array, origin: string): Checkpoint {
  try {
    const { tensors, metadata } = decodeSafetensors(bytes)
    const about = readMetadata(metadata)
    const { [MEAN_PICTURE]: meanPicture, ...state } = tensors
    const preprocessing = unpackPreprocessing(parseJson(metadata, 'preprocessing'), asFloat32(meanPicture))
    checkParameters(about.model, state)
    return { ...about, preprocessing, state }
  } catch (error) {
    throw naming(error, origin)
  }
}

/** What a checkpoint says of itself, without its tensors. */
export type CheckpointAbout = z.infer<typeof metadataSchema>

/**
 * Reads what a checkpoint says of itself from the beginning of its file, header included.
 * @throws AlexNetError `corrupt-data` as `decodeCheckpoint` does.
 */
export function decodeCheckpointAbout(beginning: Uint8Array, origin: string): CheckpointAbout {
  try {
    return readMetadata(decodeSafetensorsMetadata(beginning))
  } catch (error) {
    throw naming(error, origin)
  }
}

function readMetadata(metadata: Readonly<Record<string, string>>): CheckpointAbout {
  if (metadata.format !== FORMAT)
    throw new AlexNetError(
      'corrupt-data',
      `it is no checkpoint of a run (expected format ${FORMAT}, got ${metadata.format ?? 'none'})`,
    )
  const fields = ['model', 'classes', 'recipe', 'progress'] as const
  const optional = (['choices'] as const).filter((key) => Object.hasOwn(metadata, key))
  const data = Object.fromEntries([...fields, ...optional].map((key) => [key, parseJson(metadata, key)]))
  return checkWritten(metadataSchema, data, 'its metadata is damaged')
}

/** The error with the name of the file. */
function naming(error: unknown, origin: string): unknown {
  if (!(error instanceof AlexNetError)) return error
  return new AlexNetError(error.code, `${origin}: ${error.message}`, error.hint, { cause: error })
}

/**
 * Checks that `state` holds the parameters and statistics of `model`, and no others.
 * @throws AlexNetError `incompatible-state` that names the first that is missing, of another shape or foreign.
 */
export function checkParameters(model: Model, state: Tensors): void {
  const own = tensorsOf(model)
  const kept = parametersOf(model).flatMap(({ name, shape }) =>
    [...slotNames(name), averageName(name)].map((key) => ({ name: key, shape })),
  )
  const expected = [...own, ...kept.filter(({ name }) => Object.hasOwn(state, name))]
  for (const { name, shape } of expected) {
    const tensor = state[name]
    if (tensor?.dtype !== 'float32' || !sameShape(tensor.shape, shape))
      throw new AlexNetError(
        'incompatible-state',
        `${name}: model ${model.name} expects float32 ${formatShape(shape)}, got ${tensor ? `${tensor.dtype} ${formatShape(tensor.shape)}` : 'nothing'}`,
        'The file belongs to another model.',
      )
  }
  const known = new Set(expected.map(({ name }) => name))
  const foreign = Object.keys(state).find((name) => !known.has(name))
  if (foreign)
    throw new AlexNetError(
      'incompatible-state',
      `model ${model.name} has no parameter '${foreign}'`,
      'The file belongs to another model.',
    )
}

/** What is needed to use a model: its parameters, or their averages where the state holds any, and its statistics. */
export function networkState(model: Model, state: Tensors): Tensors {
  const used = averaged(state)
  return Object.fromEntries(tensorsOf(model).map(({ name }) => [name, used[name]]))
}

/** The state without what the optimizer keeps: all that a trained model is known by. */
export function withoutOptimizerState(model: Model, state: Tensors): Tensors {
  const kept = new Set(parametersOf(model).flatMap(({ name }) => slotNames(name)))
  return Object.fromEntries(Object.entries(state).filter(([name]) => !kept.has(name)))
}

/** True when every parameter is a finite number: a diverged net must not replace a good checkpoint. */
export function isFiniteState(state: Tensors): boolean {
  // A sum is finite only if all its terms are, or if they overflow, which is no better.
  return Object.values(state).every(({ data }) => {
    let sum = 0
    for (let i = 0; i < data.length; i++) sum += data[i]
    return Number.isFinite(sum)
  })
}

function asFloat32(tensor: Tensor | undefined): Tensor<'float32'> | undefined {
  if (tensor && tensor.dtype !== 'float32')
    throw new AlexNetError('corrupt-data', `the mean picture is ${tensor.dtype}, expected float32`)
  return tensor as Tensor<'float32'> | undefined
}

function parseJson(metadata: Readonly<Record<string, string>>, key: string): unknown {
  try {
    return JSON.parse(metadata[key] ?? '')
  } catch (error) {
    throw new AlexNetError('corrupt-data', `its ${key} is damaged: ${messageOf(error)}`, undefined, { cause: error })
  }
}
