import { AlexNetError } from '../../errors.js'
import { type Shape, sizeOf } from '../../tensor.js'
import type { ValueType } from '../node.js'
import { expectRank, expectShape, floats, type Operator } from '../operator.js'
import { sumOver } from './sum-over.js'
import { windowCount } from './window.js'

/**
 * # Two-dimensional convolution
 *
 * x (N, C, H, W), w (F, C/groups, K, K), optional b (F) → y (N, F, H', W') with H' = ⌊(H + 2·padding − K) / stride⌋ + 1:
 *
 *     y[n, f, i, j] = b[f] + Σ_{c, k, l} x[n, c, i·stride + k − padding, j·stride + l − padding] · w[f, c, k, l]
 *
 * where x is 0 outside the picture. (As everywhere in the field, this is a correlation: w is not flipped.) With groups,
 * filter f sees only the channels of its own group, C/groups of them: the two towers of the paper.
 *
 * Each term x[…]·w[…] of the sum goes into one y. So, g being the gradient of the loss with respect to y,
 *
 *     ∂L/∂x[n, c, i·stride + k − padding, …] collects g[n, f, i, j] · w[f, c, k, l]      conv2dInputGradient
 *     ∂L/∂w[f, c, k, l]                      collects g[n, f, i, j] · x[n, c, i·stride + k − padding, …]
 *                                                                                        conv2dWeightGradient
 *     ∂L/∂b[f] = Σ_{n, i, j} g[n, f, i, j]                                               sumOver
 *
 * All three visit the same terms: `visitTerms` below is the convolution, and each operator reads or writes another of
 * its three factors.
 */
export type ConvolutionAttributes = {
  readonly stride: number
  readonly padding: number
  readonly groups: number
}

/** x (N, C, H, W), w (F, C/groups, K, K), optional b (F) → (N, F, H', W'). */
export const conv2d: Operator<ConvolutionAttributes> = {
  name: 'conv2d',

  infer([x, w, b], { stride, padding, groups }) {
    expectRank('conv2d', 'pictures', x, 4)
    expectRank('conv2d', 'weights', w, 4)
    const [n, c, height, width] = x.shape
    const [filters, channels, kernel] = w.shape
    if (channels * groups !== c || filters % groups !== 0)
      throw new AlexNetError(
        'invalid-shape',
        `conv2d: ${filters} filters over ${channels} channels in ${groups} groups do not fit an input of ${c} channels`,
      )
    if (b) expectShape('conv2d', 'bias', b, [filters])
    const window = { kernel, stride, padding }
    return floats([n, filters, windowCount('conv2d', height, window), windowCount('conv2d', width, window)])
  },

  gradient(graph, node, outputGradient, wanted) {
    const [x, w] = node.inputs
    return [
      wanted[0]
        ? graph.add(conv2dInputGradient, [outputGradient, w], { ...node.attributes, inputShape: x.shape })
        : undefined,
      wanted[1]
        ? graph.add(conv2dWeightGradient, [x, outputGradient], { ...node.attributes, kernel: w.shape[2] })
        : undefined,
      wanted[2] ? graph.add(sumOver, [outputGradient], { axes: [0, 2, 3] }) : undefined,
    ]
  },

  evaluate(node, [x, w, b], y) {
    if (b) {
      const [, filters, height, width] = node.shape
      for (let i = 0; i < y.length; i++) y[i] = b[Math.floor(i / (height * width)) % filters]
    }
    const [input, weights] = node.inputs
    visitTerms(input, weights, node, node.attributes, (xi, wi, yi) => {
      y[yi] += x[xi] * w[wi]
    })
  },

  multiplyAdds: ({ inputs: [, w], shape }) => multiplyAddsOf(w.shape, shape),
}

/** g (N, F, H', W'), w (F, C/groups, K, K) → the gradient with respect to x: `inputShape` (N, C, H, W). */
export const conv2dInputGradient: Operator<ConvolutionAttributes & { readonly inputShape: Shape }> = {
  name: 'conv2dInputGradient',

  infer([g, w], { inputShape }) {
    expectRank('conv2dInputGradient', 'output gradient', g, 4)
    expectRank('conv2dInputGradient', 'weights', w, 4)
    return floats(inputShape)
  },

  evaluate(node, [g, w], dx) {
    const [gradient, weights] = node.inputs
    visitTerms(node, weights, gradient, node.attributes, (xi, wi, yi) => {
      dx[xi] += g[yi] * w[wi]
    })
  },

  multiplyAdds: ({ inputs: [g, w] }) => multiplyAddsOf(w.shape, g.shape),
}

/** x (N, C, H, W), g (N, F, H', W') → the gradient with respect to w: (F, C/groups, kernel, kernel). */
export const conv2dWeightGradient: Operator<ConvolutionAttributes & { readonly kernel: number }> = {
  name: 'conv2dWeightGradient',
  float32: 'result',

  infer([x, g], { groups, kernel }) {
    expectRank('conv2dWeightGradient', 'pictures', x, 4)
    expectRank('conv2dWeightGradient', 'output gradient', g, 4)
    return floats([g.shape[1], x.shape[1] / groups, kernel, kernel])
  },

  evaluate(node, [x, g], dw) {
    const [input, gradient] = node.inputs
    visitTerms(input, node, gradient, node.attributes, (xi, wi, yi) => {
      dw[wi] += x[xi] * g[yi]
    })
  },

  multiplyAdds: ({ inputs: [, g], shape }) => multiplyAddsOf(shape, g.shape),
}

/** Calls `visit` with the flat indices into x, w and y of every product x·w that a convolution adds to y. */
function visitTerms(
  x: ValueType,
  w: ValueType,
  y: ValueType,
  { stride, padding, groups }: ConvolutionAttributes,
  visit: (xi: number, wi: number, yi: number) => void,
): void {
  const [, inputChannels, height, width] = x.shape
  const [filters, channels, kernel] = w.shape
  const [pictures, , outputHeight, outputWidth] = y.shape
  for (let n = 0; n < pictures; n++)
    for (let f = 0; f < filters; f++) {
      const firstChannel = Math.floor(f / (filters / groups)) * channels
      for (let i = 0; i < outputHeight; i++)
        for (let j = 0; j < outputWidth; j++) {
          const yi = ((n * filters + f) * outputHeight + i) * outputWidth + j
          for (let c = 0; c < channels; c++)
            for (let k = 0; k < kernel; k++) {
              const row = i * stride + k - padding
              if (row < 0 || row >= height) continue
              for (let l = 0; l < kernel; l++) {
                const column = j * stride + l - padding
                if (column < 0 || column >= width) continue
                const xi = ((n * inputChannels + firstChannel + c) * height + row) * width + column
                visit(xi, ((f * channels + c) * kernel + k) * kernel + l, yi)
              }
            }
        }
    }
}

/**
 * Each of the values of y (N, F, H', W') is a sum over one filter of w (F, C/groups, K, K). Places where the window hangs
 * over the edge count in full, as is usual.
 */
function multiplyAddsOf(w: Shape, y: Shape): number {
  return sizeOf(y) * sizeOf(w.slice(1))
}
