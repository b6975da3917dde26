import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

export const sumOver: Lowering<NodeOf<'sumOver'>> = (node, [x], graph) =>
  graph.node('ReduceSum', [x, graph.integers(node.attributes.axes)], {
    keepdims: 0,
    noop_with_empty_axes: 1,
  })

export const broadcastOver: Lowering<NodeOf<'broadcastOver'>> = (node, [x], graph) => {
  const unsqueezed = graph.node('Unsqueeze', [x, graph.integers(node.attributes.axes)])
  return graph.node('Expand', [unsqueezed, graph.integers(node.shape)])
}
