import type { Preprocessing } from '../data/preprocessing.js'
import { AlexNetError } from '../errors.js'
import { definitionOf } from '../models/layers/index.js'
import type { Model } from '../models/model.js'
import { ownModelSettings } from '../models/model-settings.js'
import { resolveOptimizer } from '../optimizers/index.js'
import type { Checkpoint } from '../runs/checkpoint.js'
import { freshProgress } from '../runs/progress.js'
import type { Recipe } from '../runs/recipe.js'
import { float32, type Tensor, type Tensors } from '../tensor.js'
import { findCandidate, modelSettings } from './candidates.js'
import type { ChannelOrder, ForeignNetwork } from './foreign-network.js'
import { numberedLabels } from './labels.js'

/** What the user says of a network that its file does not. */
export interface ImportSettings {
  /** The file's name, for the recipe. */
  readonly file: string
  /** One name for each class; default: the file's own, else `class 0`, `class 1`, … */
  readonly labels?: readonly string[]
  /** The order of the channels that the weights were trained on; default: `bgr` under Caffe's names, else `rgb`. */
  readonly channels?: ChannelOrder
  /** Of each channel, red, green, blue, on the scale 0–255; default: the file's own, else torchvision's. */
  readonly mean?: readonly number[]
  readonly deviation?: readonly number[]
}

/** A checkpoint made of a foreign network, and what had to be assumed about it. */
export interface ImportedNetwork {
  readonly checkpoint: Checkpoint
  readonly notes: readonly string[]
}

/** ImageNet's mean and deviation as torchvision's networks take them, times 255. */
const torchvision = {
  mean: [0.485, 0.456, 0.406].map((value) => 255 * value),
  deviation: [0.229, 0.224, 0.225].map((value) => 255 * value),
}

/**
 * Makes a checkpoint of a foreign network, ready to classify pictures and to be trained further.
 * @throws AlexNetError `invalid-setting`
 */
export function importNetwork(network: ForeignNetwork, settings: ImportSettings): ImportedNetwork {
  const { model } = network
  const notes = [...(network.notes ?? [])]
  const labels = settings.labels ?? network.classes
  if (!labels) notes.push(`the file does not name its classes: they are called class 0 to class ${model.classes - 1}`)
  const state = (settings.channels ?? network.channels) === 'bgr' ? turnChannels(model, network.state) : network.state
  const preprocessing = preparePictures(network, settings)
  if (!network.preprocessing && !settings.mean)
    notes.push("the file does not say how pictures are normalised: torchvision's mean and deviation are taken")
  return {
    checkpoint: {
      model,
      classes: labels ?? numberedLabels(model.classes),
      preprocessing,
      recipe: importedRecipe(model, preprocessing, settings.file),
      progress: freshProgress,
      state,
    },
    notes,
  }
}

/** As torchvision tests its networks: the shorter side to 8/7 of the net's (256 for 224), the middle cut out. */
function preparePictures({ model, preprocessing }: ForeignNetwork, { mean, deviation }: ImportSettings): Preprocessing {
  const [, height, width] = model.inputShape
  if (height !== width)
    throw new AlexNetError('invalid-setting', `the network takes pictures of ${height}×${width}, expected squares`)
  const given = mean && { kind: 'channel' as const, mean, deviation: deviation ?? [1, 1, 1] }
  if (preprocessing) return given ? { ...preprocessing, normalisation: given } : preprocessing
  const normalisation = given ?? { kind: 'channel' as const, ...torchvision }
  // A small net sees the whole picture.
  if (height < 128) return { size: height, normalisation, augmentation: [{ kind: 'mirror' }] }
  return {
    size: Math.round((height * 8) / 7),
    normalisation,
    augmentation: [{ kind: 'random-crop', size: height, padding: 0 }, { kind: 'mirror' }],
  }
}

/**
 * The settings of a run that has not been trained here: they say what the network is, and how it would be trained on.
 * The data set is named `imported`, which none is: `evaluate` asks for one.
 */
function importedRecipe(model: Model, { size, augmentation }: Preprocessing, file: string): Recipe {
  const known = findCandidate(model)
  return {
    claim: `imported from ${file}; not trained here`,
    model: known?.model.name === model.name ? modelSettings(model, known.options) : ownModelSettings(model),
    data: {
      name: 'imported',
      size,
      normalisation: 'channel',
      augmentation: [...augmentation],
      sampling: 'shuffled',
      validation: 0,
    },
    training: { epochs: 1, batchSize: 128, seed: 1 },
    optimizer: { ...resolveOptimizer({}), rate: 0.001 },
    schedule: { kind: 'constant' },
  }
}

/** Turns the first layer's weights from blue, green, red to red, green, blue, or back. */
function turnChannels(model: Model, state: Tensors): Tensors {
  const index = model.features.findIndex((layer) => definitionOf(layer).parameters)
  const name = `features.${index}.weight`
  const { shape, data } = state[name] as Tensor<'float32'>
  const [filters, channels, height, width] = shape
  const layer = model.features[index]
  if (channels !== 3 || layer.kind !== 'conv2d')
    throw new AlexNetError('invalid-setting', `the first layer's weights are of ${channels} channels, expected 3`)
  const plane = height * width
  const turned = new Float32Array(data.length)
  for (let f = 0; f < filters; f++)
    for (let c = 0; c < 3; c++) {
      const from = (f * 3 + c) * plane
      turned.set(data.subarray(from, from + plane), (f * 3 + 2 - c) * plane)
    }
  return { ...state, [name]: float32(shape, turned) }
}
