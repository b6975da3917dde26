import type { NodeOf } from '../../../graph/ops/index.js'
import type { LoweringContext } from './context.js'

/** The probabilities of each row: (N, classes). */
export function softmax(node: NodeOf<'softmax'>, context: LoweringContext): void {
  const { plan } = context
  const label = context.label(node)
  const logits = context.plain(node.inputs[0], 'float32')
  const primitive = plan.primitive(label, { kind: 'softmax', data: logits.desc, axis: 1 })
  plan.call(label, primitive, [
    ['src', logits],
    ['dst', context.defineNew(node)],
  ])
}
