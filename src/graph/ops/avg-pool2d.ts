import type { Shape } from '../../tensor.js'
import { expectShape, floats, type Operator } from '../operator.js'
import { type PoolingAttributes, pooledType, visitWindows } from './pooling.js'

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
