import type { Node } from '../../../graph/node.js'
import type { NodeOf } from '../../../graph/ops/index.js'
import type { PostOp } from '../native/types.js'
import type { LoweringContext } from './context.js'

/** max(0, x), any shape. */
export function relu(node: NodeOf<'relu'>, context: LoweringContext): void {
  activation(node, 'relu', context)
}

/** tanh(x), any shape. */
export function tanh(node: NodeOf<'tanh'>, context: LoweringContext): void {
  activation(node, 'tanh', context)
}

/** g where y > 0, else 0. */
export function reluGradient(node: NodeOf<'reluGradient'>, context: LoweringContext): void {
  activationGradient(node, 'relu', context)
}

/** g · (1 − y²). */
export function tanhGradient(node: NodeOf<'tanhGradient'>, context: LoweringContext): void {
  activationGradient(node, 'tanh', context)
}

function activation(node: Node, algorithm: 'relu' | 'tanh', context: LoweringContext): void {
  const { plan } = context
  const x = context.typed(node.inputs[0], context.typeOf(node))
  const label = context.label(node)
  const primitive = plan.primitive(label, { kind: 'eltwiseForward', algorithm, data: x.desc })
  plan.call(label, primitive, [
    ['src', x],
    ['dst', context.outputFor(node, x)],
  ])
}

function activationGradient(node: Node, algorithm: 'relu' | 'tanh', context: LoweringContext): void {
  const { plan } = context
  const [gNode, yNode] = node.inputs
  const label = context.label(node)
  const type = context.typeOf(node)
  const y = context.typed(yNode, type)
  const g = context.as(gNode, y.desc, type)
  const primitive = plan.primitive(label, { kind: 'eltwiseBackward', algorithm, data: y.desc, gradient: g.desc })
  plan.call(label, primitive, [
    ['dst', y],
    ['diffDst', g],
    ['diffSrc', context.outputFor(node, g)],
  ])
}

/**
 * The activation that follows a node and can be done by the same primitive: the only reader of the node is ReLU or
 * tanh.
 */
export function activationAfter(
  node: Node,
  { liveness }: LoweringContext,
): { readonly node: Node; readonly postOp: PostOp } | undefined {
  const reader = liveness.onlyReader(node)
  if (reader?.op !== 'relu' && reader?.op !== 'tanh') return undefined
  return { node: reader, postOp: { kind: 'eltwise', algorithm: reader.op } }
}
