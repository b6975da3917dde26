import type { NodeOf } from '../../../graph/ops/index.js'
import type { MemoryDesc } from '../native/types.js'
import type { Value } from '../plan.js'
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
  // A row of biases for every row of the product.
  const bias = biasNode && plan.view(lowering.plain(biasNode, 'float32'), [1, n])
  const output = lowering.defineNew(result)
  const srcDesc = lowering.matrixDesc(m, inner, precision, transposeA)
  // Weights that never change are brought once into the layout that is read fastest; others lie as their gradients do.
  const isFixed = lowering.isFixed(b)
  const plainDesc = lowering.matrixDesc(inner, n, precision, transposeB)
  const primitive = plan.primitive(label, {
    kind: 'matmul',
    src: srcDesc,
    weights: isFixed ? plan.anyDesc([inner, n], precision) : plainDesc,
    bias: bias?.desc,
    dst: output.desc,
    postOps: activation ? [activation.postOp] : [],
  })
  const weights = isFixed
    ? fixedWeights(node, plan.layoutOf(primitive, 'weights'), lowering)
    : plan.view(lowering.plain(b, precision), [inner, n], plainDesc)
  plan.call(label, primitive, [
    ['src', plan.view(src, [m, inner], srcDesc)],
    ['weights', weights],
    ...(bias ? [['bias', bias] as const] : []),
    ['dst', output],
  ])
}

/** Weights that never change, in the layout that the product likes: the state itself, or a copy of another type. */
function fixedWeights(node: NodeOf<'matmul'>, desc: MemoryDesc, lowering: Lowering): Value {
  const { plan, precision, users } = lowering
  const b = node.inputs[1]
  const { transposeB } = node.attributes
  const [inner, n] = transposeB ? b.shape.toReversed() : b.shape
  const outside = lowering.matrixDesc(inner, n, 'float32', transposeB)
  if (precision === 'float32' && !lowering.isDefined(b) && users.get(b)!.length === 1) {
    lowering.settleState(b, desc, [inner, n], outside)
    return lowering.home(b)
  }
  return plan.reorder(lowering.label(node), plan.view(lowering.plain(b), [inner, n], outside), desc, precision)
}
