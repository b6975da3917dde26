import { AlexNetError } from '../errors.js'
import { conv, linear, neurons, scaled } from './blocks.js'
import type { Layer } from './layers/index.js'
import type { ParameterSettings } from './layers/layer.js'
import type { Model } from './model.js'
import { type ModelOptions, type ModelTask, normOf } from './options.js'

/**
 * The CIFAR-10 networks of cuda-convnet, the code that AlexNet grew out of (Krizhevsky 2011). They are named after the
 * time that they took to train, or the test error that they reach.
 *
 * Pictures keep the scale 0–255 with the mean picture subtracted, which is why the first layer starts so small. The
 * weight decay of each layer is its own; the multiplier here is cuda-convnet's value itself, so their recipes set
 * `weightDecay: 1`. Biases learn at twice the rate and do not decay.
 */
const bias: ParameterSettings = { initial: { kind: 'constant', value: 0 }, rate: 2, decay: 0 }

const weight = (deviation: number, decay: number): ParameterSettings => ({
  initial: { kind: 'normal', deviation },
  decay,
})

/** "80sec": 26 % error after 80 seconds on a GTX 580. */
export function cudaConvnet80sec(task: ModelTask, options: ModelOptions): Model {
  return network('80sec', task, options, [
    linear(scaled(64, options), { weight: weight(0.1, 0.03), bias }),
    neurons(options),
    linear(task.classes, { weight: weight(0.1, 0.03), bias }),
  ])
}

/** "19pct": without the hidden layer of 80sec. */
export function cudaConvnet19pct(task: ModelTask, options: ModelOptions): Model {
  return network('19pct', task, options, [linear(task.classes, { weight: weight(0.01, 3), bias })])
}

/** "18pct": 19pct with local response normalisation within each map. */
export function cudaConvnet18pct(task: ModelTask, options: ModelOptions): Model {
  const rest = [linear(task.classes, { weight: weight(0.01, 1), bias })]
  return network('18pct', task, { ...options, norm: normOf(options, 'lrn') }, rest)
}

/** Why some options make no sense here. */
const reasons = {
  initial: 'the start of each layer is part of this network',
  dropout: 'this network has no dropout',
  hidden: 'the head is what tells these networks apart',
} as const

function network(name: string, { inputShape, classes }: ModelTask, options: ModelOptions, classifier: Layer[]): Model {
  for (const option of ['initial', 'dropout', 'hidden'] as const)
    if (options[option] !== undefined)
      throw new AlexNetError(
        'invalid-setting',
        `model ${name} has no option '${option}'`,
        `Leave it out: ${reasons[option]}.`,
      )
  const n = (units: number) => scaled(units, options)
  const kernel = options.pooling === 'plain' ? 2 : 3
  const pool = (kind: 'max-pool' | 'avg-pool'): Layer => ({ kind, kernel, stride: 2, ceil: true })
  const norm = normOf(options, 'none')
  if (norm === 'batch')
    throw new AlexNetError(
      'invalid-setting',
      `model ${name} has no batch normalisation`,
      "Leave `norm` out, or say 'lrn' or 'none'.",
    )
  const lrn: Layer[] =
    norm === 'lrn' ? [{ kind: 'lrn', size: 3, alpha: 5e-5, beta: 0.75, k: 1, across: 'map', alphaTimes: 'mean' }] : []
  return {
    name,
    inputShape,
    classes,
    features: [
      conv(n(32), 5, { padding: 2, weight: weight(1e-4, 0.004), bias }),
      pool('max-pool'),
      neurons(options),
      ...lrn,
      conv(n(32), 5, { padding: 2, weight: weight(0.01, 0.004), bias }),
      neurons(options),
      pool('avg-pool'),
      ...lrn,
      conv(n(64), 5, { padding: 2, weight: weight(0.01, 0.004), bias }),
      neurons(options),
      pool('avg-pool'),
    ],
    classifier,
  }
}
