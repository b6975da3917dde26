import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'
import { isLabel } from './softmax-cross-entropy.js'

/** Counts the rows in which fewer than k logits are above the label's. */
export const topKCorrect: Lowering<NodeOf<'topKCorrect'>> = (node, [logits, labels], graph) => {
  const [rows, classes] = node.inputs[0].shape
  const axis = graph.integers([1])
  const own = graph.node(
    'ReduceSum',
    [graph.node('Where', [isLabel(graph, labels, rows, classes), logits, graph.floats([0])]), axis],
    { keepdims: 1 },
  )
  const higher = graph.node('Cast', [graph.node('Greater', [logits, own])], { to: 1 })
  const rank = graph.node('ReduceSum', [higher, axis], { keepdims: 0 })
  const correct = graph.node('Cast', [graph.node('Less', [rank, graph.floats([node.attributes.k - 0.5])])], { to: 1 })
  return graph.node('ReduceSum', [correct], { keepdims: 0 })
}
