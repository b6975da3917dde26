import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

/** op(a) (M, K) · op(b) (K, N) + bias (N) → (M, N), with the activation that follows. */
export function matmul(node: NodeOf<'matmul'>, lowering: Lowering): void {
  const { plan, precision } = lowering
  const [a, b, biasNode] = node.inputs
  const { transposeA, transposeB } = node.attributes
  const label = lowering.label(node)
  const activation = lowering.activationAfter(node)
  const result = activation?.node ?? node
  const [m, n] = node.shape
  const inner = a.shape[transposeA ? 0 : 1]
  const src = lowering.plain(a, precision)
  const weights = lowering.plain(b, precision)
  // A row of biases for every row of the product.
  const bias = biasNode && plan.view(lowering.plain(biasNode, 'float32'), [1, n])
  const output = lowering.defineNew(result)
  const srcDesc = lowering.matrixDesc(m, inner, precision, transposeA)
  const weightsDesc = lowering.matrixDesc(inner, n, precision, transposeB)
  const primitive = plan.primitive(label, {
    kind: 'matmul',
    src: srcDesc,
    weights: weightsDesc,
    bias: bias?.desc,
    dst: output.desc,
    postOps: activation ? [activation.postOp] : [],
  })
  plan.call(label, primitive, [
    ['src', plan.view(src, [m, inner], srcDesc)],
    ['weights', plan.view(weights, [inner, n], weightsDesc)],
    ...(bias ? [['bias', bias] as const] : []),
    ['dst', output],
  ])
}
