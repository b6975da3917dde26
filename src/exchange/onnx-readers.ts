import { type FloatType, floatBytes, floatsOf } from '../formats/floats.js'
import type { OnnxNode, OnnxTensor } from '../formats/onnx/model.js'
import { quoted } from '../formats/quoted.js'
import { windowCount } from '../graph/ops/window.js'
import type { Layer } from '../models/layers/index.js'
import { float32, formatShape, type Tensor } from '../tensor.js'
import { cannotRead, integer, real, singleFloat, square } from './onnx-node.js'
import type { Walk } from './onnx-walk.js'

/** Reads one node; `next` is the one behind it. */
type Reader = (walk: Walk, node: OnnxNode, next: OnnxNode | undefined) => void

const pass: Reader = () => {}

/** By operator. */
export const onnxReaders: Readonly<Record<string, Reader>> = {
  Identity: pass,
  Cast: pass,
  Relu: (walk, node) => walk.add(node, { kind: 'relu' }),
  Tanh: (walk, node) => walk.add(node, { kind: 'tanh' }),
  Conv: conv,
  LRN: lrn,
  BatchNormalization: batchNorm,
  MaxPool: (walk, node) => pool(walk, node, 'max-pool'),
  AveragePool: (walk, node) => pool(walk, node, 'avg-pool'),
  GlobalAveragePool(walk, node) {
    const [, , height, width] = walk.shape
    if (height !== width) throw cannotRead(node, `it works on ${height}×${width}, expected a square`)
    if (height > 1) walk.add(node, { kind: 'avg-pool', kernel: height, stride: 1, ceil: false })
  },
  Flatten(walk, node) {
    if (integer(node, 'axis', 1) !== 1) throw cannotRead(node, 'its axis is not 1')
    walk.flatten()
  },
  Reshape: reshape,
  Dropout: dropout,
  Gemm: gemm,
  MatMul: matmul,
  Add(walk, node) {
    if (!walk.takeBias(node)) throw cannotRead(node, 'an addition that is no bias is not supported')
  },
  Softmax: (walk) => walk.end(),
  LogSoftmax: (walk) => walk.end(),
}

function conv(walk: Walk, node: OnnxNode): void {
  const weight = walk.constant(node, 1, 'weight')
  const [filters, , kernel] = weight.shape
  expectNoAutoPad(node)
  if (square(node, 'dilations', 1) !== 1) throw cannotRead(node, 'dilation is not supported')
  const layer: Layer = {
    kind: 'conv2d',
    filters,
    kernel,
    stride: square(node, 'strides', 1),
    padding: square(node, 'pads', 0),
    groups: integer(node, 'group', 1),
  }
  const bias = walk.optionalConstant(node, 2, 'bias')
  expectRank(node, weight, 4)
  walk.add(node, layer, { weight: floats(node, weight), bias: bias ? floats(node, bias) : zeros(filters) })
}

function lrn(walk: Walk, node: OnnxNode): void {
  const size = integer(node, 'size', 0)
  if (size % 2 !== 1) throw cannotRead(node, `its size is ${size}, expected an odd one`)
  walk.add(node, {
    kind: 'lrn',
    size,
    alpha: real(node, 'alpha', 1e-4),
    beta: real(node, 'beta', 0.75),
    k: real(node, 'bias', 1),
    across: 'channels',
    alphaTimes: 'mean',
  })
}

function batchNorm(walk: Walk, node: OnnxNode): void {
  if (integer(node, 'training_mode', 0) !== 0) throw cannotRead(node, 'it is written for training, expected inference')
  const read = (index: number, what: string) => floats(node, walk.constant(node, index, what))
  walk.add(
    node,
    // ONNX says which share of the running statistics is kept.
    { kind: 'batch-norm', epsilon: real(node, 'epsilon', 1e-5), momentum: 1 - real(node, 'momentum', 0.9) },
    {
      weight: read(1, 'scale'),
      bias: read(2, 'bias'),
      running_mean: read(3, 'mean'),
      running_var: read(4, 'variance'),
    },
  )
}

/** Padding at the ends alone is how some files write a last window that reaches over the border. */
function pool(walk: Walk, node: OnnxNode, kind: 'max-pool' | 'avg-pool'): void {
  expectNoAutoPad(node)
  if (square(node, 'dilations', 1) !== 1) throw cannotRead(node, 'dilation is not supported')
  const kernel = square(node, 'kernel_shape')
  const stride = square(node, 'strides', 1)
  if (kernel === 1 && stride === 1) return
  const pads = node.attributes.pads ?? [0, 0, 0, 0]
  const [top, left, bottom, right] = Array.isArray(pads) ? (pads as number[]) : []
  if (top !== 0 || left !== 0 || bottom !== right || !(bottom >= 0 && bottom < kernel))
    throw cannotRead(node, `its pads ${quoted(pads)} are not supported`)

  const sides = walk.shape.slice(2)
  const padded = (size: number) => Math.floor((size + bottom - kernel) / stride) + 1
  const agrees = (ceil: boolean) =>
    sides.every((size) => padded(size) === windowCount(node.opType, size, { kernel, stride, padding: 0 }, ceil))
  const ceil = bottom === 0 ? integer(node, 'ceil_mode', 0) === 1 : !agrees(false)
  if (bottom > 0 && !agrees(ceil)) throw cannotRead(node, `its pads ${quoted(pads)} are not supported`)
  if (kind === 'avg-pool' && bottom > 0 && integer(node, 'count_include_pad', 0) === 1)
    throw cannotRead(node, 'a mean over padding is not supported')
  walk.add(node, { kind, kernel, stride, ceil })
}

/** Only what flattens: to (N, all the rest), however the shape is worked out. */
function reshape(walk: Walk, node: OnnxNode, next: OnnxNode | undefined): void {
  const size = walk.shape.slice(1).reduce((a, b) => a * b, 1)
  const shape = node.inputs[1] ? walk.targetShape(node) : undefined
  const isFlat = shape === undefined || (shape.length === 2 && (shape[1] === -1 || shape[1] === size))
  const isFollowed = next === undefined || ['Gemm', 'MatMul', 'Dropout', 'Softmax', 'Identity'].includes(next.opType)
  if (!isFlat || !isFollowed) throw cannotRead(node, 'a reshape that does not flatten is not supported')
  walk.flatten()
}

function dropout(walk: Walk, node: OnnxNode): void {
  const input = node.inputs[1] ? walk.constant(node, 1, 'ratio') : undefined
  const rate = input ? singleFloat(input) : real(node, 'ratio', 0.5)
  if (rate === undefined || !(rate >= 0 && rate < 1)) throw cannotRead(node, `its ratio is ${rate}`)
  walk.add(node, { kind: 'dropout', rate })
}

/** y = x·w + b, w as (inputs, outputs), or with transB as (outputs, inputs), which is the layer's own order. */
function gemm(walk: Walk, node: OnnxNode): void {
  if (integer(node, 'transA', 0) !== 0 || real(node, 'alpha', 1) !== 1 || real(node, 'beta', 1) !== 1)
    throw cannotRead(node, 'alpha, beta and transA are not supported')
  const isTransposed = integer(node, 'transB', 0) === 1
  linear(walk, node, walk.constant(node, 1, 'weight'), isTransposed, walk.optionalConstant(node, 2, 'bias'))
}

function matmul(walk: Walk, node: OnnxNode, next: OnnxNode | undefined): void {
  const weight = walk.constant(node, 1, 'weight')
  if (next?.opType !== 'Add') {
    linear(walk, node, weight, false, undefined)
    return
  }
  const index = next.inputs[0] === node.outputs[0] ? 1 : 0
  linear(walk, node, weight, false, walk.constant(next, index, 'bias'))
  walk.awaitBias(next)
}

function linear(
  walk: Walk,
  node: OnnxNode,
  tensor: OnnxTensor,
  isTransposed: boolean,
  bias: OnnxTensor | undefined,
): void {
  expectRank(node, tensor, 2)
  const weight = isTransposed ? floats(node, tensor) : transposed(floats(node, tensor))
  const [outputs] = weight.shape
  walk.add(node, { kind: 'linear', outputs }, { weight, bias: bias ? vector(floats(node, bias)) : zeros(outputs) })
}

function floats(node: OnnxNode, { dtype, shape, bytes }: OnnxTensor): Tensor<'float32'> {
  if (!(dtype in floatBytes)) throw cannotRead(node, `its weights are ${dtype}, expected real numbers`)
  return float32(shape, floatsOf(bytes, dtype as FloatType))
}

/** (1, n) and (n) are the same bias. */
function vector({ shape, data }: Tensor<'float32'>): Tensor<'float32'> {
  return shape.length === 2 && shape[0] === 1 ? float32([shape[1]], data) : float32(shape, data)
}

function zeros(size: number): Tensor<'float32'> {
  return float32([size], new Float32Array(size))
}

function transposed({ shape: [rows, columns], data }: Tensor<'float32'>): Tensor<'float32'> {
  const result = new Float32Array(data.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j]
  return float32([columns, rows], result)
}

function expectRank(node: OnnxNode, { shape }: OnnxTensor, rank: number): void {
  if (shape.length !== rank || shape.includes(0))
    throw cannotRead(node, `its weight is ${formatShape(shape)}, expected ${rank} axes`)
}

function expectNoAutoPad(node: OnnxNode): void {
  const { auto_pad } = node.attributes
  if (auto_pad !== undefined && auto_pad !== 'NOTSET' && auto_pad !== '' && auto_pad !== 'VALID')
    throw cannotRead(node, `auto_pad ${quoted(auto_pad)} is not supported`)
}
