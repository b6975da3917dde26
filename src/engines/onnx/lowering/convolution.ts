import type { NodeOf } from '../../../graph/ops/index.js'
import type { OnnxGraphWriter } from '../graph-writer.js'
import { type BlockedConvolution, blockedConvolve, takesBlocks } from './blocked-convolve.js'
import { convolve } from './convolve.js'
import type { Lowering } from './lowering.js'

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
  const blocked: BlockedConvolution = { filters, channels, kernel, weightsAs: 'weights', attributes }
  if (takesBlocks(graph, blocked)) return blockedConvolve(graph, inputs, blocked)
  return convolve(graph, inputs, channels, attributes)
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
    weightsAs: 'weights of the forward convolution',
    attributes,
  }
  if (filters >= (graph.channelBlock ?? 0) && takesBlocks(graph, blocked))
    return blockedConvolve(graph, [g, w], blocked)
  const flipped = exchange(graph, turn(graph, w, weights.shape), groups, filters, channels, kernel)
  return convolve(graph, [g, flipped], filters, attributes)
}

/** Weights (F, C, K, K) turned by 180°: the K·K taps in reverse order. */
function turn(graph: OnnxGraphWriter, w: string, [filters, channels, kernel]: readonly number[]): string {
  if (kernel === 1) return w
  const taps = kernel * kernel
  const flat = graph.node('Reshape', [w, graph.integers([filters, channels, taps])])
  const reversed = graph.node('Gather', [flat, graph.integers(Array.from({ length: taps }, (_, i) => taps - 1 - i))], {
    axis: 2,
  })
  return graph.node('Reshape', [reversed, graph.integers([filters, channels, kernel, kernel])])
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
  const exchanged = exchangeAxes(graph, w, [groups, each, channels, kernel, kernel], [0, 2, 1, 3, 4])
  return graph.node('Reshape', [exchanged, graph.integers([groups * channels, each, kernel, kernel])])
}

/**
 * The weight gradient is a convolution too, in which the pictures take the place of the channels: the filters are the
 * output gradients (F, N, H', W'), dilated by the forward stride, and what they slide over is x with N "channels".
 *
 * Inside, ONNX Runtime multiplies matrices of F rows and as many columns as a picture has outputs. There are two ways to
 * present x; they differ in that number of columns.
 */
export const conv2dWeightGradient: Lowering<NodeOf<'conv2dWeightGradient'>> = (node, inputs, graph) => {
  const { stride, kernel } = node.attributes
  const channels = node.shape[1]
  const stacks = stride === 1 && channels * kernel > kernel * kernel
  return stacks ? stackedWeightGradient(node, inputs, graph) : separateWeightGradient(node, inputs, graph)
}

/** Every channel is a picture of its own, x as (C/groups, groups·N, H, W): K·K columns, which suits large kernels. */
function separateWeightGradient(
  node: NodeOf<'conv2dWeightGradient'>,
  [x, g]: readonly string[],
  graph: OnnxGraphWriter,
): string {
  const { stride, padding, groups, kernel } = node.attributes
  const [n, c, height, width] = node.inputs[0].shape
  const [, , outputHeight, outputWidth] = node.inputs[1].shape
  const each = c / groups
  const pictures = exchangeAxes(graph, x, [n, groups, each, height, width], [2, 1, 0, 3, 4])
  const gradient = convolve(
    graph,
    [
      graph.node('Reshape', [pictures, graph.integers([each, groups * n, height, width])]),
      graph.node('Transpose', [g], { perm: [1, 0, 2, 3] }),
    ],
    groups * n,
    {
      ...windowAttributes(kernel, 1, padding, stride, groups),
      kernel_shape: [outputHeight, outputWidth],
    },
  )
  // Rows that the forward windows never reached leave taps beyond the kernel: cut them off.
  const taps = height + 2 * padding - stride * (outputHeight - 1)
  const tapsWide = width + 2 * padding - stride * (outputWidth - 1)
  const exact = taps === kernel && tapsWide === kernel
  return graph.node('Transpose', [exact ? gradient : slice(graph, gradient, [2, 3], [0, 0], [kernel, kernel])], {
    perm: [1, 0, 2, 3],
  })
}

/**
 * All channels in one picture, stacked on top of each other: x (N, C, H, W) *is* a picture (1, N, C·H, W), once
 * `padding` rows of zeros part the channels. Moved down by a whole channel at a time, the filters give row k of all
 * C taps at once: C·K columns, in K convolutions. The row is chosen by the padding on top.
 */
function stackedWeightGradient(
  node: NodeOf<'conv2dWeightGradient'>,
  [x, g]: readonly string[],
  graph: OnnxGraphWriter,
): string {
  const { padding, groups, kernel } = node.attributes
  const [n, c, height, width] = node.inputs[0].shape
  const [, filters, outputHeight, outputWidth] = node.inputs[1].shape
  const each = c / groups
  const step = height + padding
  const parted =
    padding > 0 ? graph.node('Pad', [x, graph.integers([0, 0, 0, 0, 0, 0, padding, 0])], { mode: 'constant' }) : x
  const grouped = exchangeAxes(graph, parted, [n, groups, each * step, width], [1, 0, 2, 3])
  const stack = graph.node('Reshape', [grouped, graph.integers([1, groups * n, each * step, width])])
  const gradients = graph.node('Transpose', [g], { perm: [1, 0, 2, 3] })

  const rows = Array.from({ length: kernel }, (_, k) => {
    // Window c shall start at row c·step + k − padding. A start inside the picture is reached from one step above it.
    const above = k > padding ? 1 : 0
    const windows = convolve(graph, [stack, gradients], groups * n, {
      ...windowAttributes(kernel, 1, padding, 1, groups),
      kernel_shape: [outputHeight, outputWidth],
      strides: [step, 1],
      pads: [above * step + padding - k, padding, 0, padding],
    })
    // Padding as high as the output gradient leaves room for one more window below the last channel.
    const exact = above === 0 && padding - k < outputHeight
    const wanted = exact ? windows : slice(graph, windows, [2], [above], [above + each])
    return graph.node('Reshape', [wanted, graph.integers([filters, each, 1, kernel])])
  })
  return graph.node('Concat', rows, { axis: 2 })
}

/** Seen with the given shape, its axes exchanged; without work where axes of one element stay in place. */
function exchangeAxes(graph: OnnxGraphWriter, x: string, shape: readonly number[], perm: readonly number[]): string {
  const view = graph.node('Reshape', [x, graph.integers(shape)])
  const moved = perm.filter((axis) => shape[axis] !== 1)
  return moved.every((axis, i) => i === 0 || axis > moved[i - 1]) ? view : graph.node('Transpose', [view], { perm })
}

function slice(graph: OnnxGraphWriter, x: string, axes: number[], starts: number[], ends: number[]): string {
  return graph.node('Slice', [x, graph.integers(starts), graph.integers(ends), graph.integers(axes)])
}
