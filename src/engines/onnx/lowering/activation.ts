import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

export const relu: Lowering<NodeOf<'relu'>> = (_node, inputs, graph) => graph.node('Relu', inputs)

export const reluGradient: Lowering<NodeOf<'reluGradient'>> = (_node, [g, y], graph) =>
  graph.node('Where', [graph.node('Greater', [y, graph.floats([0])]), g, graph.floats([0])])

export const tanh: Lowering<NodeOf<'tanh'>> = (_node, inputs, graph) => graph.node('Tanh', inputs)

export const tanhGradient: Lowering<NodeOf<'tanhGradient'>> = (_node, [g, y], graph) =>
  graph.node('Mul', [g, graph.node('Sub', [graph.floats([1]), graph.node('Mul', [y, y])])])
