import { expectShape, floats, type Operator, type Values } from '../operator.js'
import { type PoolingAttributes, pooledType, visitWindows } from './pooling.js'

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
