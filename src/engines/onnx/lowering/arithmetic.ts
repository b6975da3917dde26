import type { NodeOf } from '../../../graph/ops/index.js'
import { termsOf } from '../../../graph/ops/linear-combination.js'
import type { Lowering } from './lowering.js'

export const matmul: Lowering<NodeOf<'matmul'>> = (node, inputs, graph) =>
  graph.node('Gemm', inputs, {
    transA: node.attributes.transposeA ? 1 : 0,
    transB: node.attributes.transposeB ? 1 : 0,
  })

export const relu: Lowering<NodeOf<'relu'>> = (_node, inputs, graph) => graph.node('Relu', inputs)

export const reluGradient: Lowering<NodeOf<'reluGradient'>> = (_node, [g, y], graph) =>
  graph.node('Where', [graph.node('Greater', [y, graph.floats([0])]), g, graph.floats([0])])

export const tanh: Lowering<NodeOf<'tanh'>> = (_node, inputs, graph) => graph.node('Tanh', inputs)

export const tanhGradient: Lowering<NodeOf<'tanhGradient'>> = (_node, [g, y], graph) =>
  graph.node('Mul', [g, graph.node('Sub', [graph.floats([1]), graph.node('Mul', [y, y])])])

export const dropout: Lowering<NodeOf<'dropout'>> = (node, [x, mask], graph) => {
  const kept = graph.node('Cast', [mask], { to: 1 })
  return graph.node('Mul', [x, graph.node('Mul', [kept, graph.floats([1 / (1 - node.attributes.rate)])])])
}

/** Rows of features are a Flatten, which holds for any number of rows. */
export const reshape: Lowering<NodeOf<'reshape'>> = (node, [x], graph) =>
  node.shape.length === 2 && node.shape[0] === node.inputs[0].shape[0]
    ? graph.node('Flatten', [x], { axis: 1 })
    : graph.node('Reshape', [x, graph.integers(node.shape)])

export const sumOver: Lowering<NodeOf<'sumOver'>> = (node, [x], graph) =>
  graph.node('ReduceSum', [x, graph.integers(node.attributes.axes)], {
    keepdims: 0,
    noop_with_empty_axes: 1,
  })

export const broadcastOver: Lowering<NodeOf<'broadcastOver'>> = (node, [x], graph) => {
  const unsqueezed = graph.node('Unsqueeze', [x, graph.integers(node.attributes.axes)])
  return graph.node('Expand', [unsqueezed, graph.integers(node.shape)])
}

export const product: Lowering<NodeOf<'product'>> = (_node, inputs, graph) => graph.node('Mul', inputs)

export const linearCombination: Lowering<NodeOf<'linearCombination'>> = (node, inputs, graph) => {
  let sum: string | undefined
  termsOf(node).forEach(({ coefficient }, i) => {
    const [c, term] = [inputs[2 * i], inputs[2 * i + 1]]
    const isOne = coefficient.op === 'constant' && coefficient.attributes.value === 1
    const scaled = isOne ? term : graph.node('Mul', [term, c])
    sum = sum === undefined ? scaled : graph.node('Add', [sum, scaled])
  })
  return sum!
}
