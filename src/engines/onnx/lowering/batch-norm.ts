import type { ValueType } from '../../../graph/node.js'
import { axesWithin, valuesOfChannel } from '../../../graph/ops/batch-norm.js'
import type { NodeOf } from '../../../graph/ops/index.js'
import type { OnnxGraphWriter } from '../graph-writer.js'
import type { Lowering } from './lowering.js'

/** ONNX's own operator by statistics that are given, be they those of the batch. */
export const batchNorm: Lowering<NodeOf<'batchNorm'>> = (node, [x, gamma, beta, mean, variance], graph) =>
  graph.node('BatchNormalization', [x, gamma, beta, mean, variance], { epsilon: { float: node.attributes.epsilon } })

export const batchMean: Lowering<NodeOf<'batchMean'>> = (node, [x], graph) =>
  graph.node('ReduceMean', [x], { axes: axesWithin(node.inputs[0]), keepdims: 0 })

export const batchVariance: Lowering<NodeOf<'batchVariance'>> = (node, [x, mean], graph) => {
  const [input] = node.inputs
  const centred = centredOn(graph, x, mean, input)
  const squares = graph.node('Mul', [centred, centred])
  return graph.node('ReduceMean', [squares], { axes: axesWithin(input), keepdims: 0 })
}

/**
 * With d = x − μ, r = 1/√(σ² + ε) and M values of a channel:
 *
 *     ∂L/∂x = γ·r · (g − (Σ g)/M − d · r²·(Σ g·d)/M)
 */
export const batchNormInputGradient: Lowering<NodeOf<'batchNormInputGradient'>> = (
  node,
  [x, g, gamma, mean, variance],
  graph,
) => {
  const { epsilon, ofBatch } = node.attributes
  const root = inverseRoot(graph, variance, epsilon)
  const scale = perChannel(graph, graph.node('Mul', [gamma, root]), node)
  if (!ofBatch) return graph.node('Mul', [g, scale])
  const centred = centredOn(graph, x, mean, node)
  const share = graph.floats([1 / valuesOfChannel(node)])
  const meanGradient = graph.node('ReduceMean', [g], { axes: axesWithin(node), keepdims: 0 })
  const slope = graph.node('Mul', [
    graph.node('Mul', [sumOfProducts(graph, g, centred, node), graph.node('Mul', [root, root])]),
    share,
  ])
  const shifted = graph.node('Sub', [g, perChannel(graph, meanGradient, node)])
  const turned = graph.node('Mul', [centred, perChannel(graph, slope, node)])
  return graph.node('Mul', [graph.node('Sub', [shifted, turned]), scale])
}

/** Σ g·d · r */
export const batchNormScaleGradient: Lowering<NodeOf<'batchNormScaleGradient'>> = (
  node,
  [x, g, mean, variance],
  graph,
) => {
  const [input] = node.inputs
  const sum = sumOfProducts(graph, g, centredOn(graph, x, mean, input), input)
  return graph.node('Mul', [sum, inverseRoot(graph, variance, node.attributes.epsilon)])
}

/** x − μ, which variance and gradients have in common. */
function centredOn(graph: OnnxGraphWriter, x: string, mean: string, type: ValueType): string {
  return once(graph, `centred:${x}:${mean}`, () => graph.node('Sub', [x, perChannel(graph, mean, type)]))
}

/** Σ g·d over each channel (C). */
function sumOfProducts(graph: OnnxGraphWriter, g: string, centred: string, type: ValueType): string {
  return once(graph, `products:${g}:${centred}`, () =>
    graph.node('ReduceSum', [graph.node('Mul', [g, centred]), graph.integers(axesWithin(type))], { keepdims: 0 }),
  )
}

/** 1/√(σ² + ε) (C) */
function inverseRoot(graph: OnnxGraphWriter, variance: string, epsilon: number): string {
  return once(graph, `root:${variance}:${epsilon}`, () =>
    graph.node('Reciprocal', [graph.node('Sqrt', [graph.node('Add', [variance, graph.floats([epsilon])])])]),
  )
}

/** (C) → (1, C, 1, 1), or (1, C): a value for each channel that goes with all of `type`. */
function perChannel(graph: OnnxGraphWriter, values: string, { shape }: ValueType): string {
  const wide = shape.map((size, axis) => (axis === 1 ? size : 1))
  return once(graph, `channel:${values}`, () => graph.node('Reshape', [values, graph.integers(wide)]))
}

function once(graph: OnnxGraphWriter, key: string, write: () => string): string {
  const known = graph.recall(key)
  if (known) return known
  const value = write()
  graph.remember(key, value)
  return value
}
