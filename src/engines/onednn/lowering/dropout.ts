import { drawMask } from '../../../graph/ops/dropout.js'
import type { NodeOf } from '../../../graph/ops/index.js'
import type { LoweringContext } from './context.js'

/** Drawn here, by the operator's own definition, into bytes. */
export function dropoutMask(node: NodeOf<'dropoutMask'>, context: LoweringContext): void {
  const { plan } = context
  const mask = plan.value(node.shape, 'uint8')
  context.define(node, mask)
  plan.host(context.label(node), [context.home(node.inputs[0])], [mask], ([step], [target]) => {
    drawMask(node.attributes, step[0], target as Uint8Array)
  })
}

/** x · mask / (1 − rate), mask uint8. */
export function dropout(node: NodeOf<'dropout'>, context: LoweringContext): void {
  const { plan } = context
  const [xNode, maskNode] = node.inputs
  const label = context.label(node)
  const x = context.plain(xNode, context.typeOf(node))
  const mask = context.plain(maskNode)
  const output = context.outputFor(node, x)
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
