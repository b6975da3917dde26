import type { Node } from '../../../graph/node.js'
import type { NodeOf } from '../../../graph/ops/index.js'
import type { ArgumentRole, ConvolutionSpec, MemoryDesc, PrimitiveDesc } from '../native/types.js'
import type { Value } from '../plan.js'
import type { Lowering } from './lowering.js'

type ConvolutionNode = NodeOf<'conv2d'> | NodeOf<'conv2dInputGradient'> | NodeOf<'conv2dWeightGradient'>

/** x (N, C, H, W), w (F, C/groups, K, K), b (F) → (N, F, H', W'), with the activation that follows. */
export function conv2d(node: NodeOf<'conv2d'>, lowering: Lowering): void {
  const { plan } = lowering
  const [x, w, b] = node.inputs
  const label = lowering.label(node)
  const activation = lowering.activationAfter(node)
  const result = activation?.node ?? node
  const type = lowering.typeOf(result)
  const operandType = lowering.precision
  const isTraining = lowering.users.get(w)!.length > 1
  const bias = b && lowering.plain(b, 'float32')
  const primitive = plan.primitive(label, {
    ...windowOf(node),
    kind: 'convolutionForward',
    training: isTraining,
    src: plan.anyDesc(x.shape, operandType),
    weights: plan.anyDesc(weightDims(node, w.shape), operandType),
    bias: bias?.desc,
    dst: plan.anyDesc(node.shape, type),
    postOps: activation ? [activation.postOp] : [],
  })
  settleWeights(node, primitive, lowering)
  lowering.rememberForward(node, { primitive })
  const output = lowering.defineNew(result, plan.layoutOf(primitive, 'dst'))
  plan.call(label, primitive, [
    ['src', lowering.as(x, plan.layoutOf(primitive, 'src'), operandType)],
    ['weights', weightsIn(node, w, plan.layoutOf(primitive, 'weights'), lowering)],
    ...(bias ? [['bias', bias] as const] : []),
    ['dst', output],
  ])
}

/** g (N, F, H', W'), w → the gradient of x. */
export function conv2dInputGradient(node: NodeOf<'conv2dInputGradient'>, lowering: Lowering): void {
  const { plan } = lowering
  const [g, w] = node.inputs
  const label = lowering.label(node)
  const type = lowering.typeOf(node)
  const gradient = lowering.typed(g, lowering.precision)
  const dims = weightDims(node, w.shape)
  const forward = forwardOf(node, node.shape, w.shape, g.shape, lowering)
  const spec = (dst: MemoryDesc): ConvolutionSpec => ({
    ...windowOf(node),
    kind: 'convolutionBackwardData',
    training: true,
    src: plan.anyDesc(node.shape, type),
    weights: plan.anyDesc(dims, lowering.precision),
    dst,
    forward,
  })
  const primitive = fastest(lowering, node, [spec(gradient.desc), spec(plan.anyDesc(g.shape, lowering.precision))])
  plan.call(label, primitive, [
    ['diffDst', lowering.as(g, plan.layoutOf(primitive, 'diffDst'), lowering.precision)],
    ['weights', weightsIn(node, w, plan.layoutOf(primitive, 'weights'), lowering)],
    ['diffSrc', lowering.defineNew(node, plan.layoutOf(primitive, 'diffSrc'))],
  ])
}

/** x, g → the gradient of w, and that of the bias if somebody asks for it. */
export function conv2dWeightGradient(node: NodeOf<'conv2dWeightGradient'>, lowering: Lowering): void {
  const { plan } = lowering
  const [x, g] = node.inputs
  const label = lowering.label(node)
  const biasGradient = lowering.users
    .get(g)!
    .find(({ op, attributes }) => op === 'sumOver' && String(attributes.axes) === '0,2,3')
  const dims = weightDims(node, node.shape)
  const forward = forwardOf(node, x.shape, node.shape, g.shape, lowering)
  const gradient = lowering.typed(g, lowering.precision)
  const pictures = lowering.typed(x, lowering.precision)
  const bias = biasGradient && plan.plainDesc(biasGradient.shape, 'float32')
  const spec = (src: MemoryDesc, weights: MemoryDesc, dst: MemoryDesc): ConvolutionSpec => ({
    ...windowOf(node),
    kind: 'convolutionBackwardWeights',
    training: true,
    src,
    weights,
    bias,
    dst,
    forward,
  })
  const anyPictures = plan.anyDesc(x.shape, lowering.precision)
  const anyWeights = plan.anyDesc(dims, 'float32')
  const anyGradient = plan.anyDesc(g.shape, lowering.precision)
  const weights = weightsOf(node, lowering)
  const home = weights?.op === 'state' ? lowering.home(weights).desc : undefined
  const primitive = fastest(lowering, node, [
    ...(home ? [spec(pictures.desc, home, gradient.desc), spec(anyPictures, home, anyGradient)] : []),
    spec(pictures.desc, anyWeights, gradient.desc),
    spec(anyPictures, anyWeights, anyGradient),
  ])
  const result = plan.value(dims, 'float32', plan.layoutOf(primitive, 'diffWeights'))
  lowering.define(node, result)
  const args: [ArgumentRole, Value][] = [
    ['src', lowering.as(x, plan.layoutOf(primitive, 'src'), lowering.precision)],
    ['diffDst', lowering.as(g, plan.layoutOf(primitive, 'diffDst'), lowering.precision)],
    ['diffWeights', result],
  ]
  if (biasGradient) args.push(['diffBias', lowering.defineNew(biasGradient)])
  plan.call(label, primitive, args)
}

/** The first of the forms that is not one of oneDNN's slow, general implementations; the last one in any case. */
function fastest(lowering: Lowering, node: Node, forms: readonly ConvolutionSpec[]): PrimitiveDesc {
  const { plan } = lowering
  const label = lowering.label(node)
  for (const form of forms.slice(0, -1)) {
    const primitive = plan.tryPrimitive(label, form)
    if (primitive && !/ref|gemm/.test(plan.dnn.implementationOf(primitive))) return primitive
  }
  return plan.primitive(label, forms[forms.length - 1])
}

function windowOf({ attributes: { stride, padding } }: ConvolutionNode) {
  return { strides: [stride, stride], paddingBefore: [padding, padding], paddingAfter: [padding, padding] }
}

/** oneDNN's groups are an axis of their own: (G, F/G, C/G, K, K), the same memory. */
function weightDims({ attributes: { groups } }: ConvolutionNode, [filters, ...rest]: readonly number[]): number[] {
  return groups === 1 ? [filters, ...rest] : [groups, filters / groups, ...rest]
}

/** The weights in the layout and type of an operand. */
function weightsIn(node: ConvolutionNode, w: Node, desc: MemoryDesc, lowering: Lowering): Value {
  const dims = weightDims(node, w.shape)
  if (lowering.home(w).dims.length === dims.length) return lowering.as(w, desc, lowering.precision)
  // Made by others without the axis of groups: with it, row-major memory is the same.
  const grouped = lowering.plan.view(lowering.plain(w, 'float32'), dims)
  return lowering.plan.reorder(lowering.label(node), grouped, desc, lowering.precision)
}

/** Lets the weights of a convolution live in a layout that needs no conversion. */
function settleWeights(node: NodeOf<'conv2d'>, primitive: PrimitiveDesc, lowering: Lowering): void {
  const { plan, precision, users } = lowering
  const [x, w] = node.inputs
  if (w.op !== 'state' || lowering.isDefined(w)) return
  const dims = weightDims(node, w.shape)
  if (precision === 'float32') {
    lowering.settleState(w, plan.layoutOf(primitive, 'weights'), dims)
    return
  }
  // In bfloat16 what the convolution reads is a copy. The state itself is float32, as its gradient is.
  const gradient = users.get(x)!.find((user): user is NodeOf<'conv2dWeightGradient'> => isWeightGradient(user, node))
  if (!gradient) {
    lowering.settleState(w, plan.plainDesc(dims, 'float32'), dims)
    return
  }
  const backward = plan.primitive(lowering.label(gradient), {
    ...windowOf(node),
    kind: 'convolutionBackwardWeights',
    training: true,
    src: plan.anyDesc(x.shape, precision),
    weights: plan.anyDesc(dims, 'float32'),
    dst: plan.anyDesc(node.shape, precision),
    forward: primitive,
  })
  lowering.settleState(w, plan.layoutOf(backward, 'diffWeights'), dims)
}

/** Whether a node computes the gradient of the weights of a convolution. */
function isWeightGradient(candidate: Node, convolution: NodeOf<'conv2d'>): boolean {
  return (
    candidate.op === 'conv2dWeightGradient' &&
    candidate.inputs[0] === convolution.inputs[0] &&
    candidate.shape.join() === convolution.inputs[1].shape.join() &&
    haveSameWindow(candidate, convolution)
  )
}

function haveSameWindow(a: Node, b: Node): boolean {
  return (['stride', 'padding', 'groups'] as const).every((key) => a.attributes[key] === b.attributes[key])
}

/** The forward primitive whose gradient a node is, which oneDNN wants to know; one is prepared if the program has none. */
function forwardOf(
  node: NodeOf<'conv2dInputGradient'> | NodeOf<'conv2dWeightGradient'>,
  x: readonly number[],
  w: readonly number[],
  y: readonly number[],
  lowering: Lowering,
): PrimitiveDesc {
  const { plan, precision } = lowering
  const isInputGradient = node.op === 'conv2dInputGradient'
  const known = lowering.users
    .get(node.inputs[isInputGradient ? 1 : 0])!
    .find(
      (user) =>
        user.op === 'conv2d' &&
        user.inputs[0].shape.join() === x.join() &&
        user.inputs[1].shape.join() === w.join() &&
        haveSameWindow(user, node),
    )
  return (
    (known && lowering.forwardOf(known)?.primitive) ??
    plan.primitive(lowering.label(node), {
      ...windowOf(node),
      kind: 'convolutionForward',
      training: true,
      src: plan.anyDesc(x, precision),
      weights: plan.anyDesc(weightDims(node, w), precision),
      dst: plan.anyDesc(y, precision),
    })
  )
}

/** The weights whose gradient a node computes. */
function weightsOf(node: NodeOf<'conv2dWeightGradient'>, lowering: Lowering): Node | undefined {
  return lowering.users
    .get(node.inputs[0])!
    .find((user) => user.op === 'conv2d' && isWeightGradient(node, user as NodeOf<'conv2d'>))?.inputs[1]
}
