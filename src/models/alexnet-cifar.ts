import { deepConvolutions, head } from './alexnet.js'
import { conv, maxPooling, neurons, paperLrn, scaled, start } from './blocks.js'
import type { Layer } from './layers/index.js'
import type { Model } from './model.js'
import type { ModelOptions, ModelTask } from './options.js'

/**
 * AlexNet fitted to pictures of 32×32: the first layer is 3×3 with stride 1 instead of 11×11 with stride 4, the hidden
 * layers have 1,024 units; the rest is the one-tower network. The smallest picture is 15×15.
 */
export function alexnetCifar({ inputShape, classes }: ModelTask, options: ModelOptions): Model {
  const n = (units: number) => scaled(units, options)
  const lrn: Layer[] = options.lrn ? [paperLrn] : []
  return {
    name: 'alexnet-cifar',
    inputShape,
    classes,
    features: [
      conv(n(64), 3, { padding: 1, ...start(options, 0) }),
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
    classifier: head(1024, classes, options),
  }
}
