import {
  batchNorm,
  conv,
  hasHidden,
  headDropout,
  hiddenUnits,
  linear,
  localResponseNorm,
  maxPooling,
  neurons,
  scaled,
  start,
} from './blocks.js'
import type { Layer } from './layers/index.js'
import type { Model } from './model.js'
import { type ModelOptions, type ModelTask, normOf } from './options.js'

/**
 * The paper's network: two towers (groups of 2 in conv2, conv4 and conv5; conv3 sees both), local response
 * normalisation after the first two ReLUs, dropout on the *outputs* of the hidden layers. Biases learn at twice the
 * rate and do not decay, as in the authors' code. The paper's 224×224 pictures give its 55×55 maps with a padding of 2.
 * 60,965,224 parameters at 224×224 and 1,000 classes.
 */
export function alexnet2012({ inputShape, classes }: ModelTask, options: ModelOptions): Model {
  const n = (units: number) => scaled(units, options, 2)
  const norm = normOf(options, 'lrn')
  const learning = (paperBias: 0 | 1) => {
    const { weight, bias } = start({ ...options, initial: options.initial ?? 'paper' }, paperBias)
    return { weight, bias: { ...bias, rate: 2, decay: 0 } }
  }
  const hidden = (): Layer[] => [
    linear(hiddenUnits(4096, options, 2), learning(1)),
    neurons(options),
    headDropout(options),
  ]
  return {
    name: 'alexnet-2012',
    inputShape,
    classes,
    features: [
      conv(n(96), 11, { stride: 4, padding: 2, ...learning(0) }),
      ...batchNorm(norm),
      neurons(options),
      ...localResponseNorm(norm),
      maxPooling(options),
      conv(n(256), 5, { padding: 2, groups: 2, ...learning(1) }),
      ...batchNorm(norm),
      neurons(options),
      ...localResponseNorm(norm),
      maxPooling(options),
      conv(n(384), 3, { padding: 1, ...learning(0) }),
      ...batchNorm(norm),
      neurons(options),
      conv(n(384), 3, { padding: 1, groups: 2, ...learning(1) }),
      ...batchNorm(norm),
      neurons(options),
      conv(n(256), 3, { padding: 1, groups: 2, ...learning(1) }),
      ...batchNorm(norm),
      neurons(options),
      maxPooling(options),
    ],
    classifier: [...(hasHidden(options) ? [...hidden(), ...hidden()] : []), linear(classes, learning(0))],
  }
}
