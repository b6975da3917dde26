import type { Layer } from './layers/index.js'
import type { ParameterSettings } from './layers/layer.js'
import type { ModelOptions } from './options.js'

/** A convolution, with the defaults of the layer filled in. */
export function conv(
  filters: number,
  kernel: number,
  settings: {
    stride?: number
    padding?: number
    groups?: number
    weight?: ParameterSettings
    bias?: ParameterSettings
  } = {},
): Layer {
  return { kind: 'conv2d', filters, kernel, stride: 1, padding: 0, groups: 1, ...settings }
}

/** A fully connected layer. */
export function linear(
  outputs: number,
  settings: { weight?: ParameterSettings; bias?: ParameterSettings } = {},
): Layer {
  return { kind: 'linear', outputs, ...settings }
}

/** The neurons that the options ask for. */
export function neurons(options: ModelOptions): Layer {
  return { kind: options.activation ?? 'relu' }
}

/** What stands between a convolution of the AlexNets and its neurons: batch normalisation, where it is asked for. */
export function batchNorm(norm: ModelOptions['norm']): Layer[] {
  return norm === 'batch' ? [{ kind: 'batch-norm', epsilon: 1e-5, momentum: 0.1 }] : []
}

/** What stands behind the neurons of the first two layers of the AlexNets: the paper's LRN, where it is asked for. */
export function localResponseNorm(norm: ModelOptions['norm']): Layer[] {
  return norm === 'lrn' ? [paperLrn] : []
}

/** AlexNet's max pooling: overlapping (3, 2) unless the options ask for plain (2, 2). */
export function maxPooling(options: ModelOptions): Layer {
  return { kind: 'max-pool', kernel: options.pooling === 'plain' ? 2 : 3, stride: 2, ceil: false }
}

/** The paper's local response normalisation: n 5, k 2, α 1e-4 times the sum, β 0.75. */
const paperLrn: Layer = {
  kind: 'lrn',
  size: 5,
  alpha: 1e-4,
  beta: 0.75,
  k: 2,
  across: 'channels',
  alphaTimes: 'sum',
}

/** A number of filters or hidden units times the width, at least one and a multiple of the groups. */
export function scaled(units: number, options: ModelOptions, groups = 1): number {
  const count = Math.max(1, Math.round(units * (options.width ?? 1)))
  return Math.max(groups, Math.round(count / groups) * groups)
}

/** Whether the head has its two hidden layers. */
export function hasHidden(options: ModelOptions): boolean {
  return options.hidden !== 0
}

/** The units of a hidden layer of the head: those that the options ask for, else the network's own times the width. */
export function hiddenUnits(own: number, options: ModelOptions, groups = 1): number {
  return options.hidden ?? scaled(own, options, groups)
}

/** The dropout of the head. */
export function headDropout(options: ModelOptions): Layer {
  return { kind: 'dropout', rate: options.dropout ?? 0.5 }
}

/**
 * The start of a layer's weights and bias under the option `initial`. `paperBias` is the layer's bias in the paper: 1
 * where it lets the ReLUs start with positive inputs, 0 elsewhere.
 */
export function start(
  options: ModelOptions,
  paperBias: 0 | 1,
): { weight?: NonNullable<ParameterSettings>; bias?: NonNullable<ParameterSettings> } {
  const gaussian = { initial: { kind: 'normal', deviation: 0.01 } } as const
  switch (options.initial ?? 'fan-in') {
    case 'fan-in':
      return {}
    case 'he':
    case 'lsuv': // What is measured on the pictures comes when there are some: `withUnitVariance`.
      return { weight: { initial: { kind: 'he' } }, bias: { initial: { kind: 'constant', value: 0 } } }
    case 'ones':
      return { weight: gaussian, bias: { initial: { kind: 'constant', value: 1 } } }
    case 'paper':
      return { weight: gaussian, bias: { initial: { kind: 'constant', value: paperBias } } }
  }
}
