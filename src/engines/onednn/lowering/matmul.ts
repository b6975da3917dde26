import type { NodeOf } from '../../../graph/ops/index.js'
import type { MemoryDesc } from '../native/types.js'
import type { Value } from '../plan.js'
import { activationAfter } from './activation.js'
import type { LoweringContext } from './context.js'

/** op(a) (M, K) · op(b) (K, N) + bias (N) → (M, N), with the activation that follows. */
export function matmul(node: NodeOf<'matmul'>, context: LoweringContext): void {
  const { plan, precision } = context
  const [a, b, biasNode] = node.inputs
  const { transposeA, transposeB } = node.attributes
  const label = context.label(node)
  const activation = activationAfter(node, context)
  const result = activation?.node ?? node
  const [m, n] = node.shape
  const inner = a.shape[transposeA ? 0 : 1]
  const src = context.plain(a, precision)
  // A row of biases for every row of the product.
  const bias = biasNode && plan.view(context.plain(biasNode, 'float32'), [1, n])
  const output = context.defineNew(result)
  const srcDesc = context.matrixDesc(m, inner, precision, transposeA)
  // Weights that never change are brought once into the layout that is read fastest; others lie as their gradients do.
  const isFixed = context.isFixed(b)
  const plainDesc = context.matrixDesc(inner, n, precision, transposeB)
  const product = (weights: MemoryDesc) =>
    plan.primitive(label, {
      kind: 'matmul',
      src: srcDesc,
      weights,
      bias: bias?.desc,
      dst: output.desc,
      postOps: activation ? [activation.postOp] : [],
    })
  const free = isFixed ? product(plan.anyDesc([inner, n], precision)) : undefined
  // Where no kernel has a layout of its own, oneDNN takes row-major order, which for AVX2 is slower than the transpose.
  const isPacked = free && !/gemm|ref/.test(plan.dnn.implementationOf(free))
  const primitive = isPacked ? free : product(plainDesc)
  const weights = isFixed
    ? fixedWeights(node, plan.layoutOf(primitive, 'weights'), context)
    : plan.view(context.plain(b, precision), [inner, n], plainDesc)
  plan.call(label, primitive, [
    ['src', plan.view(src, [m, inner], srcDesc)],
    ['weights', weights],
    ...(bias ? [['bias', bias] as const] : []),
    ['dst', output],
  ])
}

/** Weights that never change, in the layout that the product likes: the state itself, or a copy of another type. */
function fixedWeights(node: NodeOf<'matmul'>, desc: MemoryDesc, context: LoweringContext): Value {
  const { plan, precision, users } = context
  const b = node.inputs[1]
  const { transposeB } = node.attributes
  const [inner, n] = transposeB ? b.shape.toReversed() : b.shape
  const outside = context.matrixDesc(inner, n, 'float32', transposeB)
  if (precision === 'float32' && !context.isDefined(b) && users.get(b)!.length === 1) {
    context.settleState(b, desc, [inner, n], outside)
    return context.home(b)
  }
  return plan.reorder(context.label(node), plan.view(context.plain(b), [inner, n], outside), desc, precision)
}
