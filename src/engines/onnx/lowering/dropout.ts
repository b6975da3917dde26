import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

export const dropout: Lowering<NodeOf<'dropout'>> = (node, [x, mask], graph) => {
  const kept = graph.node('Cast', [mask], { to: 1 })
  return graph.node('Mul', [x, graph.node('Mul', [kept, graph.floats([1 / (1 - node.attributes.rate)])])])
}
