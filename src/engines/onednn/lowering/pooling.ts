import type { NodeOf } from '../../../graph/ops/index.js'
import type { PoolingAttributes } from '../../../graph/ops/pooling.js'
import type { PoolingKind } from '../native/types.js'
import type { Forward, LoweringContext } from './context.js'

/** x (N, C, H, W) → (N, C, H', W'). */
export function maxPool2d(node: NodeOf<'maxPool2d'>, context: LoweringContext): void {
  const hasGradient = context.users.get(node)!.some(({ op }) => op === 'maxPool2dGradient')
  forward(node, 'max', hasGradient, context)
}

/** x (N, C, H, W) → (N, C, H', W'). */
export function avgPool2d(node: NodeOf<'avgPool2d'>, context: LoweringContext): void {
  forward(node, 'average', true, context)
}

/** x, y, g (the gradient of y) → the gradient of x. */
export function maxPool2dGradient(node: NodeOf<'maxPool2dGradient'>, context: LoweringContext): void {
  const known = context.forwardOf(node.inputs[1])
  if (!known?.workspace) throw new Error('maxPool2dGradient: its second input is no result of maxPool2d')
  backward(node, node.inputs[0].shape, 'max', known, context)
}

/** g (N, C, H', W') → the gradient of x. */
export function avgPool2dGradient(node: NodeOf<'avgPool2dGradient'>, context: LoweringContext): void {
  backward(node, node.shape, 'average', forwardOfAverage(node, context), context)
}

/** The pooling whose gradient a node is, or one like it; one in row-major order if the program has none. */
function forwardOfAverage(node: NodeOf<'avgPool2dGradient'>, context: LoweringContext): Forward {
  const { plan, precision } = context
  const [g] = node.inputs
  const like = context.program.nodes.find(
    ({ op, inputs, shape, attributes }) =>
      op === 'avgPool2d' &&
      inputs[0].shape.join() === node.shape.join() &&
      shape.join() === g.shape.join() &&
      attributes.kernel === node.attributes.kernel &&
      attributes.stride === node.attributes.stride,
  )
  const known = like && context.forwardOf(like)
  if (known) return known
  const primitive = plan.primitive(context.label(node), {
    ...windowOf(node.attributes, node.shape, g.shape),
    kind: 'poolingForward',
    algorithm: 'average',
    training: true,
    src: plan.plainDesc(node.shape, precision),
    dst: plan.plainDesc(g.shape, precision),
  })
  return { primitive }
}

function forward(
  node: NodeOf<'maxPool2d'> | NodeOf<'avgPool2d'>,
  algorithm: PoolingKind,
  training: boolean,
  context: LoweringContext,
): void {
  const { plan } = context
  const type = context.typeOf(node)
  const x = context.typed(node.inputs[0], type)
  const label = context.label(node)
  const primitive = plan.primitive(label, {
    ...windowOf(node.attributes, x.dims, node.shape),
    kind: 'poolingForward',
    algorithm,
    training,
    src: x.desc,
    dst: plan.anyDesc(node.shape, type),
  })
  const workspace =
    training && algorithm === 'max' ? plan.value(node.shape, 'uint8', plan.layoutOf(primitive, 'workspace')) : undefined
  context.rememberForward(node, { primitive, workspace })
  plan.call(label, primitive, [
    ['src', x],
    ['dst', context.defineNew(node, plan.layoutOf(primitive, 'dst'))],
    ...(workspace ? [['workspace', workspace] as const] : []),
  ])
}

function backward(
  node: NodeOf<'maxPool2dGradient'> | NodeOf<'avgPool2dGradient'>,
  x: readonly number[],
  algorithm: PoolingKind,
  { primitive: hint, workspace }: Forward,
  context: LoweringContext,
): void {
  const { plan } = context
  const label = context.label(node)
  const gNode = node.inputs[node.inputs.length - 1]
  if (!hint) throw new Error('a pooling has no gradient without its forward primitive')
  const g = context.as(gNode, plan.layoutOf(hint, 'dst'), context.typeOf(node))
  const primitive = plan.primitive(label, {
    ...windowOf(node.attributes, x, gNode.shape),
    kind: 'poolingBackward',
    algorithm,
    training: true,
    src: plan.layoutOf(hint, 'src'),
    dst: g.desc,
    forward: hint,
  })
  plan.call(label, primitive, [
    ['diffDst', g],
    ...(workspace ? [['workspace', workspace] as const] : []),
    ['diffSrc', context.defineNew(node, plan.layoutOf(primitive, 'diffSrc'))],
  ])
}

function windowOf({ kernel, stride }: PoolingAttributes, x: readonly number[], y: readonly number[]) {
  // With `ceil` the last window reaches over the border; without it rows may be left over, which oneDNN ignores.
  const after = [2, 3].map((axis) => Math.max(0, (y[axis] - 1) * stride + kernel - x[axis]))
  return {
    kernel: [kernel, kernel],
    strides: [stride, stride],
    paddingBefore: [0, 0],
    paddingAfter: after,
  }
}
