import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

export const sumOfSquares: Lowering<NodeOf<'sumOfSquares'>> = (_node, [x], graph) =>
  graph.node('ReduceSumSquare', [x], { keepdims: 0 })

/** min(1, maxNorm / (√s + 1e-6)) */
export const clipFactor: Lowering<NodeOf<'clipFactor'>> = (node, [squares], graph) => {
  const norm = graph.node('Add', [graph.node('Sqrt', [squares]), graph.floats([1e-6])])
  return graph.node('Min', [graph.floats([1]), graph.node('Div', [graph.floats([node.attributes.maxNorm]), norm])])
}
