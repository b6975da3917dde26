import type { NodeOf } from '../../../graph/ops/index.js'
import type { OnnxGraphWriter } from '../graph-writer.js'
import type { Lowering } from './lowering.js'

/** −Σ onehot · log softmax / N. */
export const softmaxCrossEntropy: Lowering<NodeOf<'softmaxCrossEntropy'>> = (node, [logits, labels], graph) => {
  const [rows, classes] = node.inputs[0].shape
  const logProbabilities = graph.node('LogSoftmax', [logits], { axis: 1 })
  const own = graph.node('Where', [isLabel(graph, labels, rows, classes), logProbabilities, graph.floats([0])])
  const sum = graph.node('ReduceSum', [own], { keepdims: 0 })
  return graph.node('Mul', [sum, graph.floats([-1 / rows])])
}

/** (softmax − onehot) · g / N. */
export const softmaxCrossEntropyGradient: Lowering<NodeOf<'softmaxCrossEntropyGradient'>> = (
  node,
  [logits, labels, g],
  graph,
) => {
  const [rows, classes] = node.shape
  const probabilities = graph.node('Softmax', [logits], { axis: 1 })
  const oneHot = graph.node('Cast', [isLabel(graph, labels, rows, classes)], { to: 1 })
  const share = graph.node('Mul', [g, graph.floats([1 / rows])])
  return graph.node('Mul', [graph.node('Sub', [probabilities, oneHot]), share])
}

/** labels (N) → bool (N, classes): true at the label's class. */
export function isLabel(graph: OnnxGraphWriter, labels: string, rows: number, classes: number): string {
  const key = `is-label:${labels}:${classes}`
  const known = graph.recall(key)
  if (known) return known
  const wide = graph.node('Cast', [graph.node('Reshape', [labels, graph.integers([rows, 1])])], { to: 7 })
  const numbers = graph.integers(
    Array.from({ length: classes }, (_, i) => i),
    [1, classes],
  )
  const result = graph.node('Equal', [wide, numbers])
  graph.remember(key, result)
  return result
}
