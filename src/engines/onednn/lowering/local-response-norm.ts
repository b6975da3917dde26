import type { NodeOf } from '../../../graph/ops/index.js'
import type { BinaryKind, PostOp } from '../native/types.js'
import type { Label, Value } from '../plan.js'
import type { LoweringContext } from './context.js'

/**
 * oneDNN's own normalisation knows no even windows and is slow within maps. All of ours is made of sums over windows,
 * which it does fast: a pooling within maps, a 1×1 convolution with a band of ones across channels. With
 *
 *     s = k + α·Σ a²,  t = s^−β      b = a·t
 *
 *     ∂L/∂a = g·t − 2αβ·a·Σ' (g·a·s^(−β−1))      s^(−β−1) = t^(1 + 1/β)
 *
 * where Σ' is over the windows that hold a place: for an even window, the mirrored one.
 */
export function localResponseNorm(node: NodeOf<'localResponseNorm'>, context: LoweringContext): void {
  const label = context.label(node)
  const a = context.typed(node.inputs[0], context.typeOf(node))
  const scale = scaleOf(node, a, context)
  const output = context.defineNew(node, a.desc)
  combine(label, [a, scale], undefined, output, context)
}

/** a, g (the gradient of b) → the gradient of a. */
export function localResponseNormGradient(node: NodeOf<'localResponseNormGradient'>, context: LoweringContext): void {
  const { plan } = context
  const [aNode, gNode] = node.inputs
  const { alpha, beta } = node.attributes
  const label = context.label(node)
  const type = context.typeOf(node)
  const a = context.typed(aNode, type)
  const g = context.as(gNode, a.desc, type)
  const scale = scaleOf(node, a, context)

  const share = plan.value(node.shape, type, a.desc)
  eltwise(label, { algorithm: 'pow', alpha: 1, beta: 1 + 1 / beta }, scale, share, context)
  // Not in place: oneDNN 2.6 clears the last block of channels first, where it is not full.
  const weighted = plan.value(node.shape, type, a.desc)
  combine(label, [share, a], { algorithm: 'mul', operand: g }, weighted, context)
  const neighbours = plan.value(node.shape, type, a.desc)
  sumOverWindows(node, weighted, { factor: -2 * alpha * beta, shift: 0, mirrored: true }, neighbours, context, [])
  // The product with a is no post-op of the sums: oneDNN 3.7 gets that wrong for a pooling in row-major order.
  const direct = plan.value(node.shape, type, a.desc)
  combine(label, [g, scale], undefined, direct, context)
  combine(label, [neighbours, a], { algorithm: 'add', operand: direct }, context.defineNew(node, a.desc), context)
}

type NormNode = NodeOf<'localResponseNorm'> | NodeOf<'localResponseNormGradient'>

/** t = (k + α·Σ a²)^−β, computed once for the normalisation and its gradient. */
function scaleOf(node: NormNode, a: Value, context: LoweringContext): Value {
  const { plan } = context
  const { beta, k, alpha } = node.attributes
  const forward = context.users
    .get(node.inputs[0])!
    .find(({ op, attributes }) => op === 'localResponseNorm' && attributes === node.attributes)
  const known = forward && context.forwardOf(forward)?.workspace
  if (known) return known
  const label = context.label(node)
  const squares = plan.value(a.dims, a.type, a.desc)
  eltwise(label, { algorithm: 'square' }, a, squares, context)
  const scale = plan.value(a.dims, a.type, a.desc)
  sumOverWindows(node, squares, { factor: alpha, shift: k, mirrored: false }, scale, context, [
    { kind: 'eltwise', algorithm: 'pow', alpha: 1, beta: -beta },
  ])
  if (forward) context.rememberForward(forward, { workspace: scale })
  return scale
}

/**
 * factor · (the sum over each window) + shift, then the post-ops. (There is one
 * post-op of a kind at most: oneDNN 2.6 takes the second of two eltwise or binary ones for the first.)
 */
function sumOverWindows(
  node: NormNode,
  x: Value,
  { factor, shift, mirrored }: { readonly factor: number; readonly shift: number; readonly mirrored: boolean },
  output: Value,
  context: LoweringContext,
  then: readonly PostOp[],
): void {
  const { plan } = context
  const label = context.label(node)
  const { size, across } = node.attributes
  const isMap = across === 'map'
  // A pooling gives the mean over the whole window.
  const postOps: PostOp[] = [
    { kind: 'eltwise', algorithm: 'linear', alpha: isMap ? factor * size * size : factor, beta: shift },
    ...then,
  ]
  if (isMap) {
    const before = (size - 1) / 2
    const primitive = plan.primitive(label, {
      kind: 'poolingForward',
      algorithm: 'averageOfWindow',
      training: false,
      kernel: [size, size],
      strides: [1, 1],
      paddingBefore: [before, before],
      paddingAfter: [before, before],
      src: x.desc,
      dst: output.desc,
      postOps,
    })
    plan.call(label, primitive, [
      ['src', x],
      ['dst', output],
    ])
    return
  }
  const channels = x.dims[1]
  const primitive = plan.primitive(label, {
    kind: 'convolutionForward',
    training: false,
    strides: [1, 1],
    paddingBefore: [0, 0],
    paddingAfter: [0, 0],
    src: x.desc,
    weights: plan.anyDesc([channels, channels, 1, 1], x.type),
    dst: output.desc,
    postOps,
  })
  const ones = plan.constant([channels, channels, 1, 1], band(channels, size, mirrored))
  const weights = plan.reorder(label, ones, plan.layoutOf(primitive, 'weights'), x.type)
  plan.call(label, primitive, [
    ['src', x],
    ['weights', weights],
    ['dst', output],
  ])
}

/** Row i holds a one for each channel of the window of i: from i − ⌊size/2⌋, `size` of them. */
function band(channels: number, size: number, mirrored: boolean): Float32Array {
  const ones = new Float32Array(channels * channels)
  for (let i = 0; i < channels; i++) {
    const from = i - Math.floor(size / 2)
    for (let j = Math.max(0, from); j < Math.min(channels, from + size); j++)
      ones[mirrored ? j * channels + i : i * channels + j] = 1
  }
  return ones
}

function eltwise(
  label: Label,
  operation: { readonly algorithm: 'pow' | 'square'; readonly alpha?: number; readonly beta?: number },
  from: Value,
  to: Value,
  { plan }: LoweringContext,
): void {
  const primitive = plan.primitive(label, { kind: 'eltwiseForward', ...operation, data: from.desc })
  plan.call(label, primitive, [
    ['src', from],
    ['dst', to],
  ])
}

/** a · b, then ∘ a third operand; all of one layout. */
function combine(
  label: Label,
  [a, b]: readonly [Value, Value],
  third: { readonly algorithm: BinaryKind; readonly operand: Value } | undefined,
  to: Value,
  { plan }: LoweringContext,
): void {
  const primitive = plan.primitive(label, {
    kind: 'binary',
    algorithm: 'mul',
    a: a.desc,
    b: b.desc,
    dst: to.desc,
    postOps: third ? [{ kind: 'binary', algorithm: third.algorithm, operand: third.operand.desc }] : [],
  })
  plan.call(label, primitive, [
    ['src', a],
    ['src1', b],
    ['dst', to],
    ...(third ? [[{ postOp: 0 }, third.operand] as const] : []),
  ])
}
