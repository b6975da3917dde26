import type { NodeOf } from '../../../graph/ops/index.js'
import type { OnnxGraphWriter } from '../graph-writer.js'
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
  return graph.node('Conv', inputs, windowAttributes(node.inputs[1].shape[2], stride, padding, 1, groups))
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
  const flipped = exchange(graph, turn(graph, w, weights.shape), groups, filters, channels, kernel)
  return graph.node('Conv', [g, flipped], windowAttributes(kernel, 1, kernel - 1 - padding, 1, groups))
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
  if (groups === 1) return graph.node('Transpose', [w], { perm: [1, 0, 2, 3] })
  const each = filters / groups
  const split = graph.node('Reshape', [w, graph.integers([groups, each, channels, kernel, kernel])])
  const exchanged = graph.node('Transpose', [split], { perm: [0, 2, 1, 3, 4] })
  return graph.node('Reshape', [exchanged, graph.integers([groups * channels, each, kernel, kernel])])
}

/**
 * The weight gradient is a convolution too: the pictures take the place of the channels. Of x (C, N, H, W), each
 * channel is a "picture" of N channels, and g (F, N, H', W') are the filters; a stride in the forward pass becomes a
 * dilation of the filter. Groups stay groups: x as (C/groups, groups·N, H, W).
 */
export const conv2dWeightGradient: Lowering<NodeOf<'conv2dWeightGradient'>> = (node, [x, g], graph) => {
  const { stride, padding, groups, kernel } = node.attributes
  const [n, c, height, width] = node.inputs[0].shape
  const [, filters, outputHeight, outputWidth] = node.inputs[1].shape
  const pictures = transposePictures(graph, x, [n, c, height, width], groups)
  const gradients = graph.node('Transpose', [g], { perm: [1, 0, 2, 3] })
  const raw = graph.node('Conv', [pictures, gradients], {
    ...windowAttributes(kernel, 1, padding, stride, groups),
    kernel_shape: [outputHeight, outputWidth],
  })
  // Rows that the forward windows never reached leave taps beyond the kernel: cut them off.
  const taps = height + 2 * padding - stride * (outputHeight - 1)
  const tapsWide = width + 2 * padding - stride * (outputWidth - 1)
  const cut =
    taps === kernel && tapsWide === kernel
      ? raw
      : graph.node('Slice', [
          raw,
          graph.integers([0, 0]),
          graph.integers([kernel, kernel]),
          graph.integers([2, 3]),
        ])
  void filters
  return graph.node('Transpose', [cut], { perm: [1, 0, 2, 3] })
}

/** x (N, C, H, W) → (C/groups, groups·N, H, W). */
function transposePictures(
  graph: OnnxGraphWriter,
  x: string,
  [n, c, height, width]: readonly number[],
  groups: number,
): string {
  if (groups === 1) return graph.node('Transpose', [x], { perm: [1, 0, 2, 3] })
  const each = c / groups
  const split = graph.node('Reshape', [x, graph.integers([n, groups, each, height, width])])
  const exchanged = graph.node('Transpose', [split], { perm: [2, 1, 0, 3, 4] })
  return graph.node('Reshape', [exchanged, graph.integers([each, groups * n, height, width])])
}
