import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

/** −Σ targets · log softmax / N. */
export const softTargetCrossEntropy: Lowering<NodeOf<'softTargetCrossEntropy'>> = (node, [logits, targets], graph) => {
  const [rows] = node.inputs[0].shape
  const logProbabilities = graph.node('LogSoftmax', [logits], { axis: 1 })
  const sum = graph.node('ReduceSum', [graph.node('Mul', [targets, logProbabilities])], { keepdims: 0 })
  return graph.node('Mul', [sum, graph.floats([-1 / rows])])
}

/** (Σ targets · softmax − targets) · g / N. */
export const softTargetCrossEntropyGradient: Lowering<NodeOf<'softTargetCrossEntropyGradient'>> = (
  node,
  [logits, targets, g],
  graph,
) => {
  const [rows] = node.shape
  const sums = graph.node('ReduceSum', [targets, graph.integers([1])], { keepdims: 1 })
  const wanted = graph.node('Mul', [sums, graph.node('Softmax', [logits], { axis: 1 })])
  const share = graph.node('Mul', [g, graph.floats([1 / rows])])
  return graph.node('Mul', [graph.node('Sub', [wanted, targets]), share])
}
