import type { Shape } from '../../tensor.js'
import type { ValueType } from '../node.js'
import { expectRank, expectShape, floats, type Operator, type Values } from '../operator.js'
import { windowCount } from './window.js'

export type PoolingAttributes = {
  readonly kernel: number
  readonly stride: number
  /** Keep a last window that reaches over the border (it is clipped there). */
  readonly ceil: boolean
}

/**
 * The maximum of each window: x (N, C, H, W) → (N, C, H', W'). Windows overlap where stride < kernel (the paper's
 * "overlapping pooling": 3 and 2).
 */
export const maxPool2d: Operator<PoolingAttributes> = {
  name: 'maxPool2d',
  infer: ([x], attributes) => pooledType('maxPool2d', x, attributes),
  gradient: (graph, node, outputGradient) => [
    graph.add(maxPool2dGradient, [node.inputs[0], node, outputGradient], node.attributes),
  ],
  evaluate(node, [x], y) {
    visitWindows(node.inputs[0], node, node.attributes, (yi, window) => {
      y[yi] = x[firstMaximum(x, window)]
    })
  },
}

/** x, y, g (the gradient of y) → the gradient of x: each g goes to the first maximum of its window, as in PyTorch. */
export const maxPool2dGradient: Operator<PoolingAttributes> = {
  name: 'maxPool2dGradient',
  infer([x, y, g], attributes) {
    expectShape('maxPool2dGradient', 'output', y, pooledType('maxPool2dGradient', x, attributes).shape)
    expectShape('maxPool2dGradient', 'output gradient', g, y.shape)
    return floats(x.shape)
  },
  evaluate(node, [x, , g], dx) {
    visitWindows(node.inputs[0], node.inputs[1], node.attributes, (yi, window) => {
      dx[firstMaximum(x, window)] += g[yi]
    })
  },
}

/** Among equal maxima the first in row-major order wins. */
function firstMaximum(x: Values, window: readonly number[]): number {
  let best = window[0]
  for (const i of window) if (x[i] > x[best] || Number.isNaN(x[i])) best = i
  return best
}

/**
 * The mean of each window: x (N, C, H, W) → (N, C, H', W'). A window that reaches over the border is the mean of what
 * lies inside, as in PyTorch and cuda-convnet.
 */
export const avgPool2d: Operator<PoolingAttributes> = {
  name: 'avgPool2d',
  infer: ([x], attributes) => pooledType('avgPool2d', x, attributes),
  gradient: (graph, node, outputGradient) => [
    graph.add(avgPool2dGradient, [outputGradient], { ...node.attributes, inputShape: node.inputs[0].shape }),
  ],
  evaluate(node, [x], y) {
    visitWindows(node.inputs[0], node, node.attributes, (yi, window) => {
      for (const i of window) y[yi] += x[i] / window.length
    })
  },
}

/** g (N, C, H', W') → the gradient of x (`inputShape`): each g is shared equally among the inputs of its window. */
export const avgPool2dGradient: Operator<PoolingAttributes & { readonly inputShape: Shape }> = {
  name: 'avgPool2dGradient',
  infer([g], attributes) {
    const x = floats(attributes.inputShape)
    expectShape('avgPool2dGradient', 'output gradient', g, pooledType('avgPool2dGradient', x, attributes).shape)
    return x
  },
  evaluate(node, [g], dx) {
    visitWindows(node, node.inputs[0], node.attributes, (yi, window) => {
      for (const i of window) dx[i] += g[yi] / window.length
    })
  },
}

/** The output type of a pooling: x (N, C, H, W) → (N, C, H', W'). */
export function pooledType(op: string, x: ValueType, { kernel, stride, ceil }: PoolingAttributes): ValueType {
  expectRank(op, 'pictures', x, 4)
  const [n, c, height, width] = x.shape
  const window = { kernel, stride, padding: 0 }
  return floats([n, c, windowCount(op, height, window, ceil), windowCount(op, width, window, ceil)])
}

/** Calls `visit` for each output of a pooling with its flat index and the flat indices of the inputs in its window. */
export function visitWindows(
  x: ValueType,
  y: ValueType,
  { kernel, stride }: PoolingAttributes,
  visit: (yi: number, window: readonly number[]) => void,
): void {
  const [pictures, channels, height, width] = x.shape
  const [, , outputHeight, outputWidth] = y.shape
  for (let plane = 0; plane < pictures * channels; plane++)
    for (let i = 0; i < outputHeight; i++)
      for (let j = 0; j < outputWidth; j++) {
        const window: number[] = []
        for (let row = i * stride; row < Math.min(i * stride + kernel, height); row++)
          for (let column = j * stride; column < Math.min(j * stride + kernel, width); column++)
            window.push((plane * height + row) * width + column)
        visit((plane * outputHeight + i) * outputWidth + j, window)
      }
}
