import type { NodeOf } from '../../../graph/ops/index.js'
import type { PoolingAttributes } from '../../../graph/ops/pooling.js'
import { sizeOf } from '../../../tensor.js'
import type { OnnxGraphWriter } from '../graph-writer.js'
import type { Lowering } from './lowering.js'

/**
 * Where the last window reaches over the border, x is padded there by as much; the padding counts neither as a maximum nor
 * in an average. (`ceil_mode` says the same, as other programs know it, but not to all of ONNX Runtime: its shape inference
 * keeps windows that lie outside altogether.)
 */
function poolingAttributes(
  { attributes, inputs, shape }: NodeOf<'maxPool2d' | 'avgPool2d'>,
  { target }: OnnxGraphWriter,
) {
  const { kernel, stride, ceil } = attributes
  const window = { kernel_shape: [kernel, kernel], strides: [stride, stride] }
  if (target === 'exchange') return { ...window, pads: [0, 0, 0, 0], ceil_mode: ceil ? 1 : 0 }
  const [below, right] = [2, 3].map((axis) => Math.max(0, (shape[axis] - 1) * stride + kernel - inputs[0].shape[axis]))
  return { ...window, pads: [0, 0, below, right], ceil_mode: 0 }
}

/** Where a pooling has left the places of its maxima. */
const indicesOf = (pooled: string) => `${pooled}:indices`

/**
 * MaxPool tells the places of the maxima as its second output; it is asked to only where a gradient needs them. On
 * WebGPU it has no such output.
 */
export const maxPool2d: Lowering<NodeOf<'maxPool2d'>> = (node, [x], graph, users) => {
  if (graph.target === 'webgpu' || !users.some((user) => user.op === 'maxPool2dGradient'))
    return graph.node('MaxPool', [x], poolingAttributes(node, graph))
  const pooled = `${node.scope}/maxPool2d/${node.id}`
  graph.nodeWithOutputs('MaxPool', [x], poolingAttributes(node, graph), [pooled, indicesOf(pooled)])
  return pooled
}

/** Each gradient is added where the maximum of its window was. */
export const maxPool2dGradient: Lowering<NodeOf<'maxPool2dGradient'>> = (node, [x, y, g], graph) => {
  if (graph.target === 'webgpu') return maxPool2dGradientByComparison(node, [x, y, g], graph)
  const count = graph.integers([sizeOf(node.inputs[2].shape)])
  const zeros = graph.node('ConstantOfShape', [graph.integers([sizeOf(node.shape)])])
  const scattered = graph.node(
    'ScatterElements',
    [zeros, graph.node('Reshape', [indicesOf(y), count]), graph.node('Reshape', [g, count])],
    { axis: 0, reduction: 'add' },
  )
  return graph.node('Reshape', [scattered, graph.integers(node.shape)])
}

/**
 * For each of the K·K taps of the windows, (i, j): where x at the tap is the maximum, and no tap before it was, there goes
 * the gradient. These K·K maps, as channels, are spread by a ConvTranspose whose filter of tap (i, j) is 1 at (i, j).
 */
function maxPool2dGradientByComparison(
  node: NodeOf<'maxPool2dGradient'>,
  [x, y, g]: readonly string[],
  graph: OnnxGraphWriter,
): string {
  const { kernel, stride } = node.attributes
  const [n, c, height, width] = node.shape
  const [, , rows, columns] = node.inputs[2].shape
  /** What the windows cover: with ceil more than there is, else perhaps less. */
  const covered = [(rows - 1) * stride + kernel, (columns - 1) * stride + kernel]
  const beyond = [Math.max(0, covered[0] - height), Math.max(0, covered[1] - width)]
  const padded =
    beyond[0] + beyond[1] > 0
      ? graph.node('Pad', [x, graph.integers([0, 0, 0, 0, 0, 0, ...beyond]), graph.floats([-LARGEST])])
      : x
  const none = graph.floats([0])
  let left = g
  const maps: string[] = []
  for (let i = 0; i < kernel; i++)
    for (let j = 0; j < kernel; j++) {
      const tap = graph.node('Slice', [
        padded,
        graph.integers([i, j]),
        graph.integers([i + (rows - 1) * stride + 1, j + (columns - 1) * stride + 1]),
        graph.integers([2, 3]),
        graph.integers([stride, stride]),
      ])
      const isMaximum = graph.node('Equal', [tap, y])
      const map = graph.node('Where', [isMaximum, left, none])
      maps.push(graph.node('Reshape', [map, graph.integers([n * c, 1, rows, columns])]))
      left = graph.node('Where', [isMaximum, none, left])
    }
  const taps = kernel * kernel
  const filters = Float32Array.from({ length: taps * taps }, (_, k) => (k % (taps + 1) === 0 ? 1 : 0))
  const spread = graph.node(
    'ConvTranspose',
    [graph.node('Concat', maps, { axis: 1 }), graph.floats(filters, [taps, 1, kernel, kernel])],
    { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1 },
  )
  const whole = graph.node('Reshape', [spread, graph.integers([n, c, ...covered])])
  const missing = [Math.max(0, height - covered[0]), Math.max(0, width - covered[1])]
  const wide =
    missing[0] + missing[1] > 0 ? graph.node('Pad', [whole, graph.integers([0, 0, 0, 0, 0, 0, ...missing])]) : whole
  if (beyond[0] + beyond[1] === 0) return wide
  return graph.node('Slice', [wide, graph.integers([0, 0]), graph.integers([height, width]), graph.integers([2, 3])])
}

/** The largest float32. */
const LARGEST = 3.4028234663852886e38

export const avgPool2d: Lowering<NodeOf<'avgPool2d'>> = (node, [x], graph) =>
  graph.node('AveragePool', [x], { ...poolingAttributes(node, graph), count_include_pad: 0 })

/**
 * Average pooling is linear and separable: y = P_h · x · P_wᵀ for each plane, with P[i, r] = 1/count where row r lies
 * in window i. So its gradient is P_hᵀ · g · P_w: two products with small constant matrices.
 */
export const avgPool2dGradient: Lowering<NodeOf<'avgPool2dGradient'>> = (node, [g], graph) => {
  const [n, c, height, width] = node.shape
  const [, , outputHeight, outputWidth] = node.inputs[0].shape
  const rows = poolingMatrix(height, outputHeight, node.attributes)
  const columns = poolingMatrix(width, outputWidth, node.attributes)
  // For small maps one product with the Kronecker product of both is faster than many tiny ones.
  if (rows.length * columns.length <= 1 << 20) {
    const flat = graph.node('Reshape', [g, graph.integers([n * c, outputHeight * outputWidth])])
    const spread = graph.node('MatMul', [
      flat,
      graph.floats(kronecker(rows, height, columns, width), [outputHeight * outputWidth, height * width]),
    ])
    return graph.node('Reshape', [spread, graph.integers(node.shape)])
  }
  const wide = graph.node('MatMul', [g, graph.floats(columns, [outputWidth, width])])
  return graph.node('MatMul', [graph.floats(transposed(rows, outputHeight, height), [height, outputHeight]), wide])
}

/** P (outputs, inputs): P[i, r] = 1/(rows of window i) where input r lies in window i. */
function poolingMatrix(inputs: number, outputs: number, { kernel, stride }: PoolingAttributes): Float32Array {
  const matrix = new Float32Array(outputs * inputs)
  for (let i = 0; i < outputs; i++) {
    const end = Math.min(i * stride + kernel, inputs)
    for (let r = i * stride; r < end; r++) matrix[i * inputs + r] = 1 / (end - i * stride)
  }
  return matrix
}

/** K[(i, j), (r, s)] = a[i, r] · b[j, s]. */
function kronecker(a: Float32Array, aColumns: number, b: Float32Array, bColumns: number): Float32Array {
  const aRows = a.length / aColumns
  const bRows = b.length / bColumns
  const k = new Float32Array(a.length * b.length)
  let at = 0
  for (let i = 0; i < aRows; i++)
    for (let j = 0; j < bRows; j++)
      for (let r = 0; r < aColumns; r++)
        for (let s = 0; s < bColumns; s++) k[at++] = a[i * aColumns + r] * b[j * bColumns + s]
  return k
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j]
  return result
}
