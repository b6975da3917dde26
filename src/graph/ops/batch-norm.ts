import { AlexNetError } from '../../errors.js'
import { formatShape, sizeOf } from '../../tensor.js'
import type { ValueType } from '../node.js'
import { expectShape, floats, type Operator } from '../operator.js'
import { sumOver } from './sum-over.js'

/**
 * # Batch normalisation (Ioffe and Szegedy 2015)
 *
 * Each channel c of x (N, C, H, W) or (N, C) is shifted and scaled by statistics of its own:
 *
 *     x̂ = (x − μ_c) / √(σ²_c + ε)        y = γ_c · x̂ + β_c
 *
 * In training μ and σ² are mean and (biased) variance over the batch, `batchMean` and `batchVariance` of x, and therefore
 * functions of x (`ofBatch`). In inference they are numbers that are given: the running statistics.
 *
 * Gradients, g being that of y, and M the number of values of a channel, N·H·W:
 *
 *     ∂L/∂β = Σ g        ∂L/∂γ = Σ g · x̂
 *     ∂L/∂x = γ/√(σ² + ε) · g                                              statistics that are given
 *     ∂L/∂x = γ/√(σ² + ε) · (g − (Σ g)/M − x̂ · (Σ g · x̂)/M)                statistics of the batch
 *
 * The last line is the chain rule through μ and σ² as well, so these two get no gradient by themselves.
 */
export type BatchNormAttributes = {
  readonly epsilon: number
  /** μ and σ² are those of x itself, and its gradient accounts for it. */
  readonly ofBatch: boolean
}

/** x (N, C, H, W) or (N, C), γ, β, μ, σ² (C) → y of the shape of x. */
export const batchNorm: Operator<BatchNormAttributes> = {
  name: 'batchNorm',
  infer([x, ...channelValues]) {
    expectChannels('batchNorm', x, channelValues)
    return floats(x.shape)
  },
  gradient(graph, node, outputGradient, wanted) {
    const [x, gamma, , mean, variance] = node.inputs
    if (!node.attributes.ofBatch && (wanted[3] || wanted[4]))
      throw new AlexNetError('invalid-program', 'batchNorm: statistics that are given have no gradient')
    return [
      wanted[0]
        ? graph.add(batchNormInputGradient, [x, outputGradient, gamma, mean, variance], node.attributes)
        : undefined,
      wanted[1]
        ? graph.add(batchNormScaleGradient, [x, outputGradient, mean, variance], {
            epsilon: node.attributes.epsilon,
          })
        : undefined,
      wanted[2] ? graph.add(sumOver, [outputGradient], { axes: axesWithin(x) }) : undefined,
      undefined,
      undefined,
    ]
  },
  evaluate(node, [x, gamma, beta, mean, variance], y) {
    const { epsilon } = node.attributes
    visitChannels(node, (i, c) => {
      y[i] = (gamma[c] * (x[i] - mean[c])) / Math.sqrt(variance[c] + epsilon) + beta[c]
    })
  },
}

/** x (N, C, H, W) or (N, C) → the mean of each channel (C). */
export const batchMean: Operator<Readonly<Record<string, never>>> = {
  name: 'batchMean',
  float32: 'result',
  infer([x]) {
    expectChannels('batchMean', x, [])
    return floats([x.shape[1]])
  },
  evaluate(node, [x], mean) {
    const [input] = node.inputs
    visitChannels(input, (i, c) => {
      mean[c] += x[i] / valuesOfChannel(input)
    })
  },
}

/** x (N, C, H, W) or (N, C), its mean (C) → the variance of each channel (C), over M, not M − 1. */
export const batchVariance: Operator<Readonly<Record<string, never>>> = {
  name: 'batchVariance',
  float32: 'result',
  infer([x, mean]) {
    expectChannels('batchVariance', x, [mean])
    return floats([x.shape[1]])
  },
  evaluate(node, [x, mean], variance) {
    const [input] = node.inputs
    visitChannels(input, (i, c) => {
      variance[c] += (x[i] - mean[c]) ** 2 / valuesOfChannel(input)
    })
  },
}

/** x, g (the gradient of y), γ, μ, σ² → the gradient of x. */
export const batchNormInputGradient: Operator<BatchNormAttributes> = {
  name: 'batchNormInputGradient',
  infer([x, g, ...channelValues]) {
    expectShape('batchNormInputGradient', 'output gradient', g, x.shape)
    expectChannels('batchNormInputGradient', x, channelValues)
    return floats(x.shape)
  },
  evaluate(node, [x, g, gamma, mean, variance], dx) {
    const { epsilon, ofBatch } = node.attributes
    const count = valuesOfChannel(node)
    const scale = (c: number) => 1 / Math.sqrt(variance[c] + epsilon)
    const meanOfG = new Float64Array(mean.length)
    const meanOfGx = new Float64Array(mean.length)
    if (ofBatch)
      visitChannels(node, (i, c) => {
        meanOfG[c] += g[i] / count
        meanOfGx[c] += (g[i] * (x[i] - mean[c]) * scale(c)) / count
      })
    visitChannels(node, (i, c) => {
      dx[i] = gamma[c] * scale(c) * (g[i] - meanOfG[c] - (x[i] - mean[c]) * scale(c) * meanOfGx[c])
    })
  },
}

/** x, g (the gradient of y), μ, σ² → the gradient of γ (C). */
export const batchNormScaleGradient: Operator<{ readonly epsilon: number }> = {
  name: 'batchNormScaleGradient',
  float32: 'result',
  infer([x, g, ...channelValues]) {
    expectShape('batchNormScaleGradient', 'output gradient', g, x.shape)
    expectChannels('batchNormScaleGradient', x, channelValues)
    return floats([x.shape[1]])
  },
  evaluate(node, [x, g, mean, variance], dgamma) {
    const { epsilon } = node.attributes
    visitChannels(node.inputs[0], (i, c) => {
      dgamma[c] += (g[i] * (x[i] - mean[c])) / Math.sqrt(variance[c] + epsilon)
    })
  },
}

/** The number M of values of each channel: N·H·W. */
export function valuesOfChannel({ shape }: ValueType): number {
  return sizeOf(shape) / shape[1]
}

/** The axes of (N, C, H, W) or (N, C) that the values of one channel lie along. */
export function axesWithin({ shape }: ValueType): number[] {
  return shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]))
}

function expectChannels(op: string, x: ValueType, channelValues: readonly ValueType[]): void {
  if (x.shape.length !== 2 && x.shape.length !== 4)
    throw new AlexNetError('invalid-shape', `${op}: expected (N, C, H, W) or (N, C), got ${formatShape(x.shape)}`)
  for (const values of channelValues) expectShape(op, 'a value for each channel', values, [x.shape[1]])
}

/** Calls `visit` with each flat index and the channel that it belongs to. */
function visitChannels({ shape }: ValueType, visit: (i: number, c: number) => void): void {
  const [pictures, channels, ...places] = shape
  const area = sizeOf(places)
  for (let n = 0, i = 0; n < pictures; n++)
    for (let c = 0; c < channels; c++) for (let place = 0; place < area; place++, i++) visit(i, c)
}
