import { AlexNetError } from '../../errors.js'
import { sizeOf } from '../../tensor.js'
import type { Node } from '../node.js'
import { expectRank, expectShape, floats, type Operator } from '../operator.js'
import { sumOver } from './sum-over.js'

export type MatmulAttributes = {
  /** Take a as its transpose. */
  readonly transposeA: boolean
  /** Take b as its transpose. */
  readonly transposeB: boolean
}

/**
 * Product of two matrices, plus an optional bias on each row: op(a) (M, K) · op(b) (K, N) + bias (N) → (M, N).
 *
 * A fully connected layer is y = x·wᵀ + b with w (outputs, inputs), as in torchvision.
 *
 * Gradients, g being that of y: with y = A·B, ∂L/∂A = g·Bᵀ and ∂L/∂B = Aᵀ·g; where an operand was transposed, so is its
 * gradient.
 */
export const matmul: Operator<MatmulAttributes> = {
  name: 'matmul',

  infer([a, b, bias], { transposeA, transposeB }) {
    expectRank('matmul', 'a matrix', a, 2)
    expectRank('matmul', 'a matrix', b, 2)
    const [m, inner] = transposeA ? a.shape.toReversed() : a.shape
    const [expected, n] = transposeB ? b.shape.toReversed() : b.shape
    if (inner !== expected)
      throw new AlexNetError('invalid-shape', `matmul: ${m}×${inner} does not fit ${expected}×${n}`)
    if (bias) expectShape('matmul', 'bias', bias, [n])
    return floats([m, n])
  },

  gradient(graph, node, g, wanted) {
    const [a, b] = node.inputs
    const { transposeA, transposeB } = node.attributes
    const product = (left: Node, transposeLeft: boolean, right: Node, transposeRight: boolean) =>
      graph.add(matmul, [left, right], { transposeA: transposeLeft, transposeB: transposeRight })
    return [
      wanted[0] ? (transposeA ? product(b, transposeB, g, true) : product(g, false, b, !transposeB)) : undefined,
      wanted[1] ? (transposeB ? product(g, true, a, transposeA) : product(a, !transposeA, g, false)) : undefined,
      wanted[2] ? graph.add(sumOver, [g], { axes: [0] }) : undefined,
    ]
  },

  evaluate(node, [a, b, bias], y) {
    const { transposeA, transposeB } = node.attributes
    const [m, n] = node.shape
    const inner = node.inputs[0].shape[transposeA ? 0 : 1]
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = bias ? bias[j] : 0
        for (let k = 0; k < inner; k++)
          sum += a[transposeA ? k * m + i : i * inner + k] * b[transposeB ? j * inner + k : k * n + j]
        y[i * n + j] = sum
      }
  },

  multiplyAdds: ({ inputs: [a], shape, attributes }) => sizeOf(shape) * a.shape[attributes.transposeA ? 0 : 1],
}
