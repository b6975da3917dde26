import type { Node } from '../../../graph/node.js'
import type { NodeOf } from '../../../graph/ops/index.js'
import type { Value } from '../plan.js'
import type { Lowering } from './lowering.js'

/** max(0, x), any shape. */
export function relu(node: NodeOf<'relu'>, lowering: Lowering): void {
  activation(node, 'relu', lowering)
}

/** tanh(x), any shape. */
export function tanh(node: NodeOf<'tanh'>, lowering: Lowering): void {
  activation(node, 'tanh', lowering)
}

/** g where y > 0, else 0. */
export function reluGradient(node: NodeOf<'reluGradient'>, lowering: Lowering): void {
  activationGradient(node, 'relu', lowering)
}

/** g · (1 − y²). */
export function tanhGradient(node: NodeOf<'tanhGradient'>, lowering: Lowering): void {
  activationGradient(node, 'tanh', lowering)
}

/** x · mask / (1 − rate), mask uint8. */
export function dropout(node: NodeOf<'dropout'>, lowering: Lowering): void {
  const { plan } = lowering
  const [xNode, maskNode] = node.inputs
  const label = lowering.label(node)
  const x = lowering.plain(xNode, lowering.typeOf(node))
  const mask = lowering.plain(maskNode)
  const output = outputFor(node, x, lowering)
  const primitive = plan.primitive(label, {
    kind: 'binary',
    algorithm: 'mul',
    a: x.desc,
    b: mask.desc,
    dst: output.desc,
    postOps: [{ kind: 'eltwise', algorithm: 'linear', alpha: 1 / (1 - node.attributes.rate) }],
  })
  plan.call(label, primitive, [
    ['src', x],
    ['src1', mask],
    ['dst', output],
  ])
}

/** The same values under another shape. */
export function reshape(node: NodeOf<'reshape'>, lowering: Lowering): void {
  const [x] = node.inputs
  const plain = lowering.plain(x, lowering.typeOf(node))
  const dims = node.shape.length === 0 ? [1] : node.shape
  lowering.define(node, lowering.plan.view(plain, dims))
}

function activation(node: Node, algorithm: 'relu' | 'tanh', lowering: Lowering): void {
  const { plan } = lowering
  const x = lowering.typed(node.inputs[0], lowering.typeOf(node))
  const label = lowering.label(node)
  const primitive = plan.primitive(label, { kind: 'eltwiseForward', algorithm, data: x.desc })
  plan.call(label, primitive, [
    ['src', x],
    ['dst', outputFor(node, x, lowering)],
  ])
}

function activationGradient(node: Node, algorithm: 'relu' | 'tanh', lowering: Lowering): void {
  const { plan } = lowering
  const [gNode, yNode] = node.inputs
  const label = lowering.label(node)
  const type = lowering.typeOf(node)
  const y = lowering.typed(yNode, type)
  const g = lowering.as(gNode, y.desc, type)
  const primitive = plan.primitive(label, { kind: 'eltwiseBackward', algorithm, data: y.desc, gradient: g.desc })
  plan.call(label, primitive, [
    ['dst', y],
    ['diffDst', g],
    ['diffSrc', outputFor(node, g, lowering)],
  ])
}

/** Where a result goes that may lie in its operand's place: there if nobody needs the operand afterwards. */
export function outputFor(node: Node, operand: Value, lowering: Lowering): Value {
  if (!lowering.mayOverwrite(operand, node)) return lowering.defineNew(node, operand.desc)
  lowering.define(node, operand)
  return operand
}
