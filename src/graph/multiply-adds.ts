import { sizeOf } from '../tensor.js'
import type { Node } from './node.js'

/**
 * Multiplications with an addition in what a node says, however an engine may do it: 0 for all but convolutions, their
 * gradients and matrix products. Places where a convolution's window hangs over the edge count in full, as is usual.
 */
export function multiplyAdds({ op, inputs, shape, attributes }: Node): number {
  switch (op) {
    case 'conv2d':
      return convolution(inputs[1].shape, shape)
    case 'conv2dInputGradient':
      return convolution(inputs[1].shape, inputs[0].shape)
    case 'conv2dWeightGradient':
      return convolution(shape, inputs[1].shape)
    case 'matmul':
      return sizeOf(shape) * inputs[0].shape[attributes.transposeA ? 0 : 1]
    default:
      return 0
  }
}

/** Each of the values of y (N, F, H', W') is a sum over one filter of w (F, C/groups, K, K). */
function convolution(w: readonly number[], y: readonly number[]): number {
  return sizeOf(y) * sizeOf(w.slice(1))
}
