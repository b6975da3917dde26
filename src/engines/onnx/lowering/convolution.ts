import type { NodeOf } from '../../../graph/ops/index.js'
import type { BlockedConvolution, OnnxGraphWriter } from '../graph-writer.js'
import { convolve } from './convolve.js'
import type { Lowering } from './lowering.js'
import { transpose } from './transpose.js'
import { turn } from './turn.js'

/** Strides and dilations are always written out: the WebGPU provider of the browser needs them. */
function windowAttributes(kernel: number, stride: number, padding: number, dilation: number, groups: number) {
  return {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
    dilations: [dilation, dilation],
    group: groups,
  }
}

export const conv2d: Lowering<NodeOf<'conv2d'>> = (node, inputs, graph) => {
  const { stride, padding, groups } = node.attributes
  const [x, w] = node.inputs
  const [filters, , kernel] = w.shape
  const channels = x.shape[1]
  const attributes = windowAttributes(kernel, stride, padding, 1, groups)
  const blocked: BlockedConvolution = { filters, channels, kernel, weightsAs: 'given', attributes }
  return graph.convolveInBlocks?.(graph, inputs, blocked) ?? convolve(graph, inputs, channels, attributes)
}

/**
 * The input gradient of a convolution of stride 1 is a convolution of the output gradient with the weights turned by
 * 180° and filters and channels exchanged, which is faster than ConvTranspose. Other strides take ConvTranspose.
 */
export const conv2dInputGradient: Lowering<NodeOf<'conv2dInputGradient'>> = (node, [g, w], graph) => {
  const { stride, padding, groups, inputShape } = node.attributes
  const [gradient, weights] = node.inputs
  const [filters, channels, kernel] = weights.shape
  if (stride !== 1 || padding >= kernel) {
    const covered = (gradient.shape[2] - 1) * stride - 2 * padding + kernel
    const coveredWidth = (gradient.shape[3] - 1) * stride - 2 * padding + kernel
    return graph.node('ConvTranspose', [g, w], {
      ...windowAttributes(kernel, stride, padding, 1, groups),
      output_padding: [inputShape[2] - covered, inputShape[3] - coveredWidth],
    })
  }
  const attributes = windowAttributes(kernel, 1, kernel - 1 - padding, 1, groups)
  const blocked: BlockedConvolution = {
    filters: groups * channels,
    channels: filters,
    kernel,
    weightsAs: 'turned',
    attributes,
  }
  const inBlocks = graph.convolveInBlocks?.(graph, [g, w], blocked)
  if (inBlocks !== undefined) return inBlocks
  const flipped = exchange(graph, turn(graph, w, weights.shape), groups, filters, channels, kernel)
  return convolve(graph, [g, flipped], filters, attributes)
}

/** Weights (F, C/groups, K, K) → (C, F/groups, K, K): filters and channels exchanged within each group. */
function exchange(
  graph: OnnxGraphWriter,
  w: string,
  groups: number,
  filters: number,
  channels: number,
  kernel: number,
): string {
  const each = filters / groups
  const result = [groups * channels, each, kernel, kernel]
  return transpose(graph, w, [groups, each, channels, kernel * kernel], [0, 2, 1, 3], result)
}

/**
 * The weight gradient is a convolution too: the filters are the output gradients (F, N, H', W'), and what they slide over
 * is x, the pictures in the place of the channels. With the channels innermost, x (1, N, H, W·C), a filter whose columns lie
 * C apart (S·C for a forward stride of S) meets one channel alone, and its K·C places in a row are K taps of all channels:
 *
 *     y[f, i, j·C + c] = Σ g[n, f, h, w] · x[n, c, S·h + i, S·w + j]
 *
 * ONNX Runtime makes a matrix of it, F rows by K·K·C columns, in whose rows K·C neighbours lie as they do in memory. (With
 * the channels outermost only K of them do, and bringing them there takes as long as the products: two thirds of the speed.)
 */
export const conv2dWeightGradient: Lowering<NodeOf<'conv2dWeightGradient'>> = (node, [x, g], graph) => {
  const { stride, padding, groups, kernel } = node.attributes
  const [n, c, height, width] = node.inputs[0].shape
  const [, filters, outputHeight, outputWidth] = node.inputs[1].shape
  const each = c / groups
  const places = [outputHeight, outputWidth]
  const taps = convolve(
    graph,
    [
      transpose(graph, x, [n, groups, each, height * width], [1, 0, 3, 2], [1, groups * n, height, width * each]),
      transpose(graph, g, [n, filters, ...places], [1, 0, 2, 3], [filters, n, ...places]),
    ],
    groups * n,
    {
      kernel_shape: places,
      strides: [1, 1],
      pads: [padding, padding * each, padding, padding * each],
      dilations: [stride, stride * each],
      group: groups,
    },
  )
  // Rows that the forward windows never reached leave taps beyond the kernel: cut them off.
  const rows = height + 2 * padding - stride * (outputHeight - 1)
  const columns = width + 2 * padding - stride * (outputWidth - 1)
  const exact = rows === kernel && columns === kernel
  const wanted = exact ? taps : slice(graph, taps, [2, 3], [0, 0], [kernel, kernel * each])
  return transpose(graph, wanted, [filters, kernel * kernel, each], [0, 2, 1], node.shape)
}

function slice(graph: OnnxGraphWriter, x: string, axes: number[], starts: number[], ends: number[]): string {
  return graph.node('Slice', [x, graph.integers(starts), graph.integers(ends), graph.integers(axes)])
}
