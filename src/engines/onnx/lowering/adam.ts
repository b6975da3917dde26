import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

/** m / (√(v/c) + ε) */
export const adamDirection: Lowering<NodeOf<'adamDirection'>> = (node, [m, v, correction], graph) => {
  const root = graph.node('Sqrt', [graph.node('Div', [v, correction])])
  return graph.node('Div', [m, graph.node('Add', [root, graph.floats([node.attributes.epsilon])])])
}

export const quotient: Lowering<NodeOf<'quotient'>> = (_node, inputs, graph) => graph.node('Div', inputs)
