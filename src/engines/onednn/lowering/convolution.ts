import type { Node } from '../../../graph/node.js'
import type { NodeOf } from '../../../graph/ops/index.js'
import type { ArgumentRole, ConvolutionSpec, MemoryDesc, PrimitiveDesc } from '../native/types.js'
import type { PlanBuilder, Value } from '../plan.js'
import type { Kernel } from '../tuning/kernel-chooser.js'
import type { Measurable } from '../tuning/stopwatch.js'
import { activationAfter } from './activation.js'
import type { LoweringContext } from './context.js'
import { pad, withBorder } from './padding.js'

type ConvolutionNode = NodeOf<'conv2d'> | NodeOf<'conv2dInputGradient'> | NodeOf<'conv2dWeightGradient'>

/** x (N, C, H, W), w (F, C/groups, K, K), b (F) → (N, F, H', W'), with the activation that follows. */
export function conv2d(node: NodeOf<'conv2d'>, context: LoweringContext): void {
  const { plan } = context
  const [x, w, b] = node.inputs
  const label = context.label(node)
  const activation = activationAfter(node, context)
  const result = activation?.node ?? node
  const type = context.typeOf(result)
  const operandType = context.precision
  const isTraining = context.users.get(w)!.length > 1
  const bias = b && context.plain(b, 'float32')
  const spec: ConvolutionSpec = {
    ...windowOf(node),
    kind: 'convolutionForward',
    training: isTraining,
    src: plan.anyDesc(x.shape, operandType),
    weights: plan.anyDesc(weightDims(node, w.shape), operandType),
    bias: bias?.desc,
    dst: plan.anyDesc(node.shape, type),
    postOps: activation ? [activation.postOp] : [],
  }
  const unpadded = plan.primitive(label, spec)
  const padded = isGeneral(unpadded, context) ? paddedForm(node, spec, context) : undefined
  const primitive = padded ?? kernelFor(node, spec, unpadded, isTraining, context)
  settleWeights(node, primitive, context)
  context.rememberForward(node, { primitive: unpadded })
  const output = context.defineNew(result, plan.layoutOf(primitive, 'dst'))
  plan.call(label, primitive, [
    [
      'src',
      padded
        ? pad(label, context.plain(x, operandType), node.attributes.padding, plan)
        : context.as(x, plan.layoutOf(primitive, 'src'), operandType),
    ],
    ['weights', weightsIn(node, w, plan.layoutOf(primitive, 'weights'), context)],
    ...(bias ? [['bias', bias] as const] : []),
    ['dst', output],
  ])
}

/** g (N, F, H', W'), w → the gradient of x. */
export function conv2dInputGradient(node: NodeOf<'conv2dInputGradient'>, context: LoweringContext): void {
  const { plan } = context
  const [g, w] = node.inputs
  const label = context.label(node)
  const type = context.typeOf(node)
  const gradient = context.typed(g, context.precision)
  const dims = weightDims(node, w.shape)
  const forward = forwardOf(node, node.shape, w.shape, g.shape, context)
  const spec = (dst: MemoryDesc): ConvolutionSpec => ({
    ...windowOf(node),
    kind: 'convolutionBackwardData',
    training: true,
    src: plan.anyDesc(node.shape, type),
    weights: plan.anyDesc(dims, context.precision),
    dst,
    forward,
  })
  const primitive = backwardKernel(context, node, [spec(gradient.desc), spec(plan.anyDesc(g.shape, context.precision))])
  plan.call(label, primitive, [
    ['diffDst', context.as(g, plan.layoutOf(primitive, 'diffDst'), context.precision)],
    ['weights', weightsIn(node, w, plan.layoutOf(primitive, 'weights'), context)],
    ['diffSrc', context.defineNew(node, plan.layoutOf(primitive, 'diffSrc'))],
  ])
}

/** x, g → the gradient of w, and that of the bias if somebody asks for it. */
export function conv2dWeightGradient(node: NodeOf<'conv2dWeightGradient'>, context: LoweringContext): void {
  const { plan } = context
  const [x, g] = node.inputs
  const label = context.label(node)
  const biasGradient = context.users
    .get(g)!
    .find(({ op, attributes }) => op === 'sumOver' && String(attributes.axes) === '0,2,3')
  const dims = weightDims(node, node.shape)
  const forward = forwardOf(node, x.shape, node.shape, g.shape, context)
  const gradient = context.typed(g, context.precision)
  const pictures = context.typed(x, context.precision)
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
  const anyPictures = plan.anyDesc(x.shape, context.precision)
  const anyWeights = plan.anyDesc(dims, 'float32')
  const anyGradient = plan.anyDesc(g.shape, context.precision)
  const weights = weightsOf(node, context)
  const home = weights?.op === 'state' ? context.home(weights).desc : undefined
  const primitive = backwardKernel(context, node, [
    ...(home ? [spec(pictures.desc, home, gradient.desc), spec(anyPictures, home, anyGradient)] : []),
    spec(pictures.desc, anyWeights, gradient.desc),
    spec(anyPictures, anyWeights, anyGradient),
  ])
  const result = plan.value(dims, 'float32', plan.layoutOf(primitive, 'diffWeights'))
  context.define(node, result)
  const args: [ArgumentRole, Value][] = [
    ['src', context.as(x, plan.layoutOf(primitive, 'src'), context.precision)],
    ['diffDst', context.as(g, plan.layoutOf(primitive, 'diffDst'), context.precision)],
    ['diffWeights', result],
  ]
  if (biasGradient) args.push(['diffBias', context.defineNew(biasGradient)])
  plan.call(label, primitive, args)
}

/** Of the first of the forms that is not one of oneDNN's slow, general implementations; the last one in any case. */
function backwardKernel(
  context: LoweringContext,
  node: ConvolutionNode,
  forms: readonly ConvolutionSpec[],
): PrimitiveDesc {
  const { plan } = context
  const label = context.label(node)
  for (const form of forms.slice(0, -1)) {
    const primitive = plan.tryPrimitive(label, form)
    if (primitive && !isGeneral(primitive, context)) return kernelFor(node, form, primitive, true, context)
  }
  const last = forms[forms.length - 1]
  return kernelFor(node, last, plan.primitive(label, last), true, context)
}

/**
 * A direct convolution, or one by Winograd's algorithm where that is faster. It multiplies half as often. Its rounding
 * errors are two to six times as large as those of a direct one, 10⁻⁶ of a result at most.
 */
function kernelFor(
  node: ConvolutionNode,
  spec: ConvolutionSpec,
  direct: PrimitiveDesc,
  isTraining: boolean,
  context: LoweringContext,
): PrimitiveDesc {
  const { plan, precision, kernels } = context
  if (precision !== 'float32') return direct
  const label = context.label(node)
  // As in training: the weights stay what they are, where inference would keep them transformed, with no way back.
  const byWinograd = { ...spec, training: true, algorithm: 'winograd' } as const
  const winograd = plan.tryPrimitive(label, byWinograd)
  const kernel = (primitive: PrimitiveDesc, of: ConvolutionSpec): Kernel => ({
    name: `${of.algorithm ?? 'direct'}, ${plan.dnn.implementationOf(primitive)}`,
    spec: of,
    primitive,
    conversion: isTraining ? undefined : conversionFor(node, primitive, context),
    isRough: of.algorithm === 'winograd',
  })
  const candidates = [kernel(direct, spec)]
  if (winograd && (!isTraining || haveSameOperands(node, direct, winograd, plan)))
    candidates.push(kernel(winograd, byWinograd))
  const [x, w] = node.inputs
  const { stride, padding, groups } = node.attributes
  const window = `stride ${stride} padding ${padding} groups ${groups}`
  const task = isTraining ? 'training' : 'inference'
  return kernels.choose([node.op, precision, x.shape, w.shape, node.shape, window, task], candidates).primitive
}

/** What brings the pictures into the layout that a primitive reads. */
function conversionFor(
  node: ConvolutionNode,
  primitive: PrimitiveDesc,
  context: LoweringContext,
): Measurable | undefined {
  const { plan } = context
  const src = plan.layoutOf(primitive, 'src')
  const home = context.home(node.inputs[0])
  if (plan.sameLayout(home, src)) return undefined
  const spec = { kind: 'reorder', src: home.desc, dst: src } as const
  return { spec, primitive: plan.primitive(context.label(node), spec) }
}

/** Whether what lies around one primitive can stay as it is for the other. */
function haveSameOperands(node: ConvolutionNode, a: PrimitiveDesc, b: PrimitiveDesc, plan: PlanBuilder): boolean {
  const pictures = ['src', 'dst', 'diffSrc', 'diffDst'] as const
  // The input gradient reads weights that were settled already, and converts them where it must.
  const weights = node.op === 'conv2dInputGradient' ? [] : (['weights', 'diffWeights'] as const)
  return [...pictures, ...weights].every((what) => plan.sameOperand(a, b, what))
}

/** Whether a primitive is one of oneDNN's slow, general implementations. */
function isGeneral(primitive: PrimitiveDesc, { plan }: LoweringContext): boolean {
  return /ref|gemm/.test(plan.dnn.implementationOf(primitive))
}

/**
 * The convolution of pictures that have their border already, where oneDNN has more than a general implementation for
 * that: its kernels for AVX2 do a wide window with a stride, such as AlexNet's first, only without a border.
 */
function paddedForm(
  node: NodeOf<'conv2d'>,
  spec: ConvolutionSpec,
  context: LoweringContext,
): PrimitiveDesc | undefined {
  const { plan, precision } = context
  const { padding } = node.attributes
  if (padding === 0) return undefined
  const primitive = plan.tryPrimitive(context.label(node), {
    ...spec,
    paddingBefore: [0, 0],
    paddingAfter: [0, 0],
    src: plan.plainDesc(withBorder(node.inputs[0].shape, padding), precision),
  })
  return primitive && !isGeneral(primitive, context) ? primitive : undefined
}

function windowOf({ attributes: { stride, padding } }: ConvolutionNode) {
  return { strides: [stride, stride], paddingBefore: [padding, padding], paddingAfter: [padding, padding] }
}

/** oneDNN's groups are an axis of their own: (G, F/G, C/G, K, K), the same memory. */
function weightDims({ attributes: { groups } }: ConvolutionNode, [filters, ...rest]: readonly number[]): number[] {
  return groups === 1 ? [filters, ...rest] : [groups, filters / groups, ...rest]
}

/** The weights in the layout and type of an operand. */
function weightsIn(node: ConvolutionNode, w: Node, desc: MemoryDesc, context: LoweringContext): Value {
  const dims = weightDims(node, w.shape)
  if (context.home(w).dims.length === dims.length) return context.as(w, desc, context.precision)
  // Made by others without the axis of groups: with it, row-major memory is the same.
  const grouped = context.plan.view(context.plain(w, 'float32'), dims)
  return context.plan.reorder(context.label(node), grouped, desc, context.precision)
}

/** Lets the weights of a convolution live in a layout that needs no conversion. */
function settleWeights(node: NodeOf<'conv2d'>, primitive: PrimitiveDesc, context: LoweringContext): void {
  const { plan, precision, users } = context
  const [x, w] = node.inputs
  if (w.op !== 'state' || context.isDefined(w)) return
  const dims = weightDims(node, w.shape)
  if (precision === 'float32') {
    context.settleState(w, plan.layoutOf(primitive, 'weights'), dims)
    return
  }
  // In bfloat16 what the convolution reads is a copy. The state itself is float32, as its gradient is.
  const gradient = users.get(x)!.find((user): user is NodeOf<'conv2dWeightGradient'> => isWeightGradient(user, node))
  if (!gradient) {
    context.settleState(w, plan.plainDesc(dims, 'float32'), dims)
    return
  }
  const backward = plan.primitive(context.label(gradient), {
    ...windowOf(node),
    kind: 'convolutionBackwardWeights',
    training: true,
    src: plan.anyDesc(x.shape, precision),
    weights: plan.anyDesc(dims, 'float32'),
    dst: plan.anyDesc(node.shape, precision),
    forward: primitive,
  })
  context.settleState(w, plan.layoutOf(backward, 'diffWeights'), dims)
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
  context: LoweringContext,
): PrimitiveDesc {
  const { plan, precision } = context
  const isInputGradient = node.op === 'conv2dInputGradient'
  const known = context.users
    .get(node.inputs[isInputGradient ? 1 : 0])!
    .find(
      (user) =>
        user.op === 'conv2d' &&
        user.inputs[0].shape.join() === x.join() &&
        user.inputs[1].shape.join() === w.join() &&
        haveSameWindow(user, node),
    )
  return (
    (known && context.forwardOf(known)?.primitive) ??
    plan.primitive(context.label(node), {
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
function weightsOf(node: NodeOf<'conv2dWeightGradient'>, context: LoweringContext): Node | undefined {
  return context.users
    .get(node.inputs[0])!
    .find((user) => user.op === 'conv2d' && isWeightGradient(node, user as NodeOf<'conv2d'>))?.inputs[1]
}
