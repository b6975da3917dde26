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
 * AlexNet as one tower: torchvision's network ("One weird trick for parallelizing convolutional neural networks",
 * Krizhevsky 2014), without normalisation unless it is asked for. The head's width follows from the
 * picture's size; the smallest is 63×63. 61,100,840 parameters at 224×224 and 1,000 classes.
 */
export function alexnet(task: ModelTask, options: ModelOptions): Model {
  const first = conv(scaled(64, options), 11, { stride: 4, padding: 2, ...start(options, 0) })
  return oneTower('alexnet', { first, hidden: 4096 }, task, options)
}

/** The one-tower network behind a first convolution, with `hidden` units in the layers of its head. */
export function oneTower(
  name: string,
  { first, hidden }: { readonly first: Layer; readonly hidden: number },
  { inputShape, classes }: ModelTask,
  options: ModelOptions,
): Model {
  const norm = normOf(options, 'none')
  return {
    name,
    inputShape,
    classes,
    features: [
      first,
      ...batchNorm(norm),
      neurons(options),
      ...localResponseNorm(norm),
      maxPooling(options),
      conv(scaled(192, options), 5, { padding: 2, ...start(options, 1) }),
      ...batchNorm(norm),
      neurons(options),
      ...localResponseNorm(norm),
      maxPooling(options),
      ...deepConvolutions(options),
      maxPooling(options),
    ],
    classifier: head(hidden, classes, options),
  }
}

/** conv3, conv4 and conv5 of the one-tower network. */
function deepConvolutions(options: ModelOptions): Layer[] {
  const n = (units: number) => scaled(units, options)
  const norm = normOf(options, 'none')
  return [
    conv(n(384), 3, { padding: 1, ...start(options, 0) }),
    ...batchNorm(norm),
    neurons(options),
    conv(n(256), 3, { padding: 1, ...start(options, 1) }),
    ...batchNorm(norm),
    neurons(options),
    conv(n(256), 3, { padding: 1, ...start(options, 1) }),
    ...batchNorm(norm),
    neurons(options),
  ]
}

/** torchvision's head: dropout on the *inputs* of both hidden layers. */
function head(hidden: number, classes: number, options: ModelOptions): Layer[] {
  const layer = () => [linear(hiddenUnits(hidden, options), start(options, 1)), neurons(options)]
  return [
    headDropout(options),
    ...(hasHidden(options) ? [...layer(), headDropout(options), ...layer()] : []),
    linear(classes, start(options, 0)),
  ]
}
