import { oneTower } from './alexnet.js'
import { conv, scaled, start } from './blocks.js'
import type { Model } from './model.js'
import type { ModelOptions, ModelTask } from './options.js'

/**
 * AlexNet fitted to pictures of 32×32: the first layer is 3×3 with stride 1 instead of 11×11 with stride 4, the hidden
 * layers have 1,024 units; the rest is the one-tower network. The smallest picture is 15×15.
 */
export function alexnetCifar(task: ModelTask, options: ModelOptions): Model {
  const first = conv(scaled(64, options), 3, { padding: 1, ...start(options, 0) })
  return oneTower('alexnet-cifar', { first, hidden: 1024 }, task, options)
}
