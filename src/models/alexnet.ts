import { conv, linear, maxPooling, neurons, paperLrn, scaled, start } from './blocks.js'
import type { Layer } from './layers/index.js'
import type { Model } from './model.js'
import type { ModelOptions, ModelTask } from './options.js'

/**
 * AlexNet as one tower: torchvision's network ("One weird trick for parallelizing convolutional neural networks",
 * Krizhevsky 2014), without local response normalisation unless it is asked for. The head's width follows from the
 * picture's size; the smallest is 63×63. 61,100,840 parameters at 224×224 and 1,000 classes.
 */
export function alexnet({ inputShape, classes }: ModelTask, options: ModelOptions): Model {
  const n = (units: number) => scaled(units, options)
  const lrn: Layer[] = options.lrn ? [paperLrn] : []
  return {
    name: 'alexnet',
    inputShape,
    classes,
    features: [
      conv(n(64), 11, { stride: 4, padding: 2, ...start(options, 0) }),
      neurons(options),
      ...lrn,
      maxPooling(options),
      conv(n(192), 5, { padding: 2, ...start(options, 1) }),
      neurons(options),
      ...lrn,
      maxPooling(options),
      ...deepConvolutions(options),
      maxPooling(options),
    ],
    classifier: head(4096, classes, options),
  }
}

/** conv3, conv4 and conv5 of the one-tower network. */
export function deepConvolutions(options: ModelOptions): Layer[] {
  const n = (units: number) => scaled(units, options)
  return [
    conv(n(384), 3, { padding: 1, ...start(options, 0) }),
    neurons(options),
    conv(n(256), 3, { padding: 1, ...start(options, 1) }),
    neurons(options),
    conv(n(256), 3, { padding: 1, ...start(options, 1) }),
    neurons(options),
  ]
}

/** torchvision's head: dropout on the *inputs* of both hidden layers. */
export function head(hidden: number, classes: number, options: ModelOptions): Layer[] {
  const dropout: Layer = { kind: 'dropout', rate: options.dropout ?? 0.5 }
  return [
    dropout,
    linear(scaled(hidden, options), start(options, 1)),
    neurons(options),
    dropout,
    linear(scaled(hidden, options), start(options, 1)),
    neurons(options),
    linear(classes, start(options, 0)),
  ]
}
