import type { NodeOf } from '../../../graph/ops/index.js'
import type { LocalResponseNormAttributes } from '../../../graph/ops/local-response-norm.js'
import type { OnnxGraphWriter } from '../graph-writer.js'
import type { Lowering } from './lowering.js'

/**
 * b = a · s^−β. ONNX's own LRN is slower than this, and knows no window within a map, nor an even one as ours. In a graph for
 * other programs it stands where it can; its α multiplies the mean.
 */
export const localResponseNorm: Lowering<NodeOf<'localResponseNorm'>> = (node, [a], graph) => {
  const { size, alpha, beta, k, across } = node.attributes
  if (graph.target === 'exchange' && across === 'channels' && size % 2 === 1)
    return graph.node('LRN', [a], { size, alpha: { float: alpha * size }, beta: { float: beta }, bias: { float: k } })
  const { damping } = scale(graph, a, node.shape[1], node.attributes)
  return graph.node('Mul', [a, damping])
}

/** g·s^−β − 2αβ · a · windowSumᵀ(g·a·s^−β / s). The scale is the forward pass's: ONNX Runtime merges the two. */
export const localResponseNormGradient: Lowering<NodeOf<'localResponseNormGradient'>> = (node, [a, g], graph) => {
  const { alpha, beta } = node.attributes
  const { s, damping } = scale(graph, a, node.shape[1], node.attributes)
  const damped = graph.node('Mul', [g, damping])
  const spread = windowSum(
    graph,
    graph.node('Div', [graph.node('Mul', [damped, a]), s]),
    node.shape[1],
    node.attributes,
    2 * alpha * beta,
    true,
  )
  return graph.node('Sub', [damped, graph.node('Mul', [a, spread])])
}

/** s = k + α·Σa² and s^−β, as exp(−β·log s): both are vectorised, which ONNX Runtime's Pow is not. */
function scale(graph: OnnxGraphWriter, a: string, channels: number, attributes: LocalResponseNormAttributes) {
  const { alpha, beta, k } = attributes
  const sum = windowSum(graph, graph.node('Mul', [a, a]), channels, attributes, alpha, false)
  const s = graph.node('Add', [sum, graph.floats([k])])
  const damping = graph.node('Exp', [graph.node('Mul', [graph.node('Log', [s]), graph.floats([-beta])])])
  return { s, damping }
}

/**
 * factor · the sum over the window of each place. Across channels that is a 1×1 convolution with a band matrix, a
 * single product of matrices; within a map an average pooling of stride 1. `backwards`: over the places whose window
 * holds this one (another thing only where an even window lies off centre).
 */
function windowSum(
  graph: OnnxGraphWriter,
  x: string,
  channels: number,
  { size, across }: LocalResponseNormAttributes,
  factor: number,
  backwards: boolean,
): string {
  const before = Math.floor(size / 2)
  if (across === 'map') {
    const mean = graph.node('AveragePool', [x], {
      kernel_shape: [size, size],
      strides: [1, 1],
      pads: [before, before, before, before],
      ceil_mode: 0,
      count_include_pad: 1,
    })
    return graph.node('Mul', [mean, graph.floats([factor * size * size])])
  }
  const band = new Float32Array(channels * channels)
  for (let c = 0; c < channels; c++)
    for (let d = Math.max(0, c - before); d < Math.min(channels, c - before + size); d++)
      band[backwards ? d * channels + c : c * channels + d] = factor
  return graph.node('Conv', [x, graph.floats(band, [channels, channels, 1, 1])], {
    kernel_shape: [1, 1],
    strides: [1, 1],
    pads: [0, 0, 0, 0],
    dilations: [1, 1],
    group: 1,
  })
}
