import type { Preprocessing } from '../data/preprocessing.js'
import { AlexNetError } from '../errors.js'
import { quoted } from '../formats/quoted.js'
import { createModel } from '../models/catalogue.js'
import type { Layer } from '../models/layers/index.js'
import { type Model, parametersOf } from '../models/model.js'
import { formatShape, sameShape, type Tensors } from '../tensor.js'
import { withWidths } from './candidates.js'
import type { ForeignNetwork } from './foreign-network.js'

/**
 * The paper's network as Caffe has it (bvlc_alexnet): two towers as groups of 2 in conv2, conv4 and conv5, pictures of
 * 227×227 without padding, blue before green before red, and normalisation with k = 1 and α over the window's mean:
 *
 *     conv1 → features.0    conv2 → features.4    conv3 → features.8    conv4 → features.10    conv5 → features.12
 *     fc6 → classifier.0    fc7 → classifier.3    fc8 → classifier.6
 *
 * Weights have the same order in both: (filters, channels of the group, rows, columns) and (outputs, inputs).
 */
const layers = {
  conv1: 'features.0',
  conv2: 'features.4',
  conv3: 'features.8',
  conv4: 'features.10',
  conv5: 'features.12',
  fc6: 'classifier.0',
  fc7: 'classifier.3',
  fc8: 'classifier.6',
} as const

const SIDE = 227
const lrn: Layer = { kind: 'lrn', size: 5, alpha: 1e-4, beta: 0.75, k: 1, across: 'channels', alphaTimes: 'mean' }

/** True for a state whose tensors are named after Caffe's layers, `conv1.weight` to `fc8.bias`. */
export function isCaffe(state: Tensors): boolean {
  return 'conv1.weight' in state && 'fc8.weight' in state
}

/**
 * Reads a state under Caffe's names.
 * @throws AlexNetError `incompatible-state` that names the first tensor that is missing, foreign or of another shape.
 */
export function caffeNetwork(state: Tensors, side = SIDE): ForeignNetwork {
  const own: Record<string, Tensors[string]> = {}
  const caffeName: Record<string, string> = {}
  for (const [caffe, layer] of Object.entries(layers))
    for (const part of ['weight', 'bias']) {
      const tensor = state[`${caffe}.${part}`]
      if (!tensor) throw incompatible(`${caffe}.${part} is missing`)
      own[`${layer}.${part}`] = tensor
      caffeName[`${layer}.${part}`] = `${caffe}.${part}`
    }
  const foreign = Object.keys(state).find((name) => !Object.values(caffeName).includes(name))
  if (foreign !== undefined) throw incompatible(`Caffe's AlexNet has no ${quoted(foreign)}`)

  const model = bvlcAlexnet(
    side,
    Object.values(layers).map((layer) => own[`${layer}.weight`].shape[0] ?? 0),
  )
  for (const { name, shape } of parametersOf(model))
    if (!sameShape(own[name].shape, shape))
      throw incompatible(`${caffeName[name]} is ${formatShape(own[name].shape)}, expected ${formatShape(shape)}`)
  return { model, state: own, channels: 'bgr', preprocessing: caffePreprocessing(side) }
}

function bvlcAlexnet(side: number, widths: readonly number[]): Model {
  const paper = createModel('alexnet-2012')
  const features = paper.features.map((layer, i): Layer => {
    if (layer.kind === 'lrn') return lrn
    return i === 0 && layer.kind === 'conv2d' ? { ...layer, padding: 0 } : layer
  })
  return withWidths({ ...paper, name: 'bvlc-alexnet', inputShape: [3, side, side], features }, widths)
}

/** The mean colour of ImageNet as Caffe's files give it, turned to red, green, blue; the scale stays 0–255. */
function caffePreprocessing(side: number): Preprocessing {
  return {
    size: Math.round((side * 256) / SIDE),
    normalisation: { kind: 'channel', mean: [122.67891434, 116.66876762, 104.00698793], deviation: [1, 1, 1] },
    augmentation: [{ kind: 'random-crop', size: side, padding: 0 }, { kind: 'mirror' }],
  }
}

function incompatible(what: string): AlexNetError {
  return new AlexNetError('incompatible-state', `the file looks like Caffe's AlexNet, but ${what}`)
}
