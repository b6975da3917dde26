import type { NodeOf } from '../../../graph/ops/index.js'
import type { LoweringContext } from './context.js'

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
