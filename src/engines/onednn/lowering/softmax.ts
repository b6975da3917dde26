import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

/** The probabilities of each row: (N, classes). */
export function softmax(node: NodeOf<'softmax'>, lowering: Lowering): void {
  const { plan } = lowering
  const label = lowering.label(node)
  const logits = lowering.plain(node.inputs[0], 'float32')
  const primitive = plan.primitive(label, { kind: 'softmax', data: logits.desc, axis: 1 })
  plan.call(label, primitive, [
    ['src', logits],
    ['dst', lowering.defineNew(node)],
  ])
}
