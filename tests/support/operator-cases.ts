import type { GraphBuilder } from '../../src/graph/builder.js'
import { GraphBuilder as Builder } from '../../src/graph/builder.js'
import { differentiate } from '../../src/graph/differentiate.js'
import type { Node } from '../../src/graph/node.js'
import { relu, tanh } from '../../src/graph/ops/activation.js'
import { adamDirection, biasCorrection, quotient } from '../../src/graph/ops/adam.js'
import { batchMean, batchNorm, batchVariance } from '../../src/graph/ops/batch-norm.js'
import { conv2d } from '../../src/graph/ops/convolution.js'
import { dropout, dropoutMask } from '../../src/graph/ops/dropout.js'
import { clipFactor, sumOfSquares } from '../../src/graph/ops/gradient-norm.js'
import { linearCombination } from '../../src/graph/ops/linear-combination.js'
import { localResponseNorm } from '../../src/graph/ops/local-response-norm.js'
import { matmul } from '../../src/graph/ops/matmul.js'
import { avgPool2d, maxPool2d } from '../../src/graph/ops/pooling.js'
import { product } from '../../src/graph/ops/product.js'
import { reshape } from '../../src/graph/ops/reshape.js'
import { softTargetCrossEntropy } from '../../src/graph/ops/soft-target-cross-entropy.js'
import { softmax } from '../../src/graph/ops/softmax.js'
import { softmaxCrossEntropy } from '../../src/graph/ops/softmax-cross-entropy.js'
import { broadcastOver, sumOver } from '../../src/graph/ops/sum-over.js'
import { topKCorrect } from '../../src/graph/ops/top-k-correct.js'
import type { Program } from '../../src/graph/program.js'
import { type RandomStream, random } from '../../src/random.js'
import { float64, int32, type Shape, sizeOf, type Tensor, type Tensors, uint8 } from '../../src/tensor.js'

interface InputSpec {
  readonly shape: Shape
  /**
   * `labels`: whole numbers below `classes`; `mask`: 0 and 1; `positive`: above 0; `targets`: such numbers, and no gradient
   * goes there; default: normal numbers.
   */
  readonly kind?: 'normal' | 'labels' | 'mask' | 'ties' | 'positive' | 'targets'
  readonly classes?: number
  readonly scale?: number
}

/** One use of an operator. The table below holds for every engine: forward, and gradient where it has one. */
export interface OperatorCase {
  readonly name: string
  readonly inputs: readonly InputSpec[]
  readonly build: (graph: GraphBuilder, inputs: readonly Node[]) => Node
  /** False for what has no gradient: softmax (inference only) and counts. */
  readonly differentiable?: false
}

const x = (...shape: number[]): InputSpec => ({ shape })

const convolution = (
  name: string,
  pictures: number[],
  weights: number[],
  attributes: { stride: number; padding: number; groups: number },
): OperatorCase => ({
  name: `conv2d ${name}`,
  inputs: [x(...pictures), x(...weights), x(weights[0])],
  build: (graph, inputs) => graph.add(conv2d, inputs, attributes),
})

const pooling = (
  operator: typeof maxPool2d,
  name: string,
  input: InputSpec,
  attributes: { kernel: number; stride: number; ceil: boolean },
): OperatorCase => ({
  name: `${operator.name} ${name}`,
  inputs: [input],
  build: (graph, inputs) => graph.add(operator, inputs, attributes),
})

const norm = (
  name: string,
  input: InputSpec,
  attributes: { size: number; alpha: number; beta: number; k: number; across: 'channels' | 'map' },
): OperatorCase => ({
  name: `localResponseNorm ${name}`,
  inputs: [input],
  build: (graph, inputs) => graph.add(localResponseNorm, inputs, attributes),
})

const product2 = (transposeA: boolean, transposeB: boolean): OperatorCase => ({
  name: `matmul ${transposeA ? 'aᵀ' : 'a'}·${transposeB ? 'bᵀ' : 'b'} + bias`,
  inputs: [transposeA ? x(4, 3) : x(3, 4), transposeB ? x(5, 4) : x(4, 5), x(5)],
  build: (graph, inputs) => graph.add(matmul, inputs, { transposeA, transposeB }),
})

/** Normalisation by the statistics of the batch, as the layer does it in training. */
const normalised = (graph: GraphBuilder, maps: Node, gamma: Node, beta: Node): Node => {
  const mean = graph.add(batchMean, [maps], {})
  const variance = graph.add(batchVariance, [maps, mean], {})
  return graph.add(batchNorm, [maps, gamma, beta, mean, variance], { epsilon: 1e-3, ofBatch: true })
}

const batchNormalisation = (name: string, shape: number[]): OperatorCase => ({
  name: `batchNorm ${name}`,
  inputs: [{ shape, scale: 3 }, x(shape[1]), x(shape[1])],
  build: (graph, [maps, gamma, beta]) => normalised(graph, maps, gamma, beta),
})

export const operatorCases: readonly OperatorCase[] = [
  convolution('3×3', [2, 3, 6, 5], [4, 3, 3, 3], { stride: 1, padding: 1, groups: 1 }),
  convolution('3×3 without padding', [2, 3, 6, 5], [4, 3, 3, 3], { stride: 1, padding: 0, groups: 1 }),
  convolution('5×5', [2, 4, 7, 9], [6, 4, 5, 5], { stride: 1, padding: 2, groups: 1 }),
  convolution('5×5 with more padding than half', [2, 4, 6, 6], [3, 4, 5, 5], { stride: 1, padding: 4, groups: 1 }),
  convolution('5×5 of one channel', [3, 1, 7, 7], [2, 1, 5, 5], { stride: 1, padding: 2, groups: 1 }),
  convolution('3×3 of 6 pictures with 9 channels', [6, 9, 5, 4], [4, 9, 3, 3], { stride: 1, padding: 1, groups: 1 }),
  convolution('1×1', [2, 5, 3, 3], [4, 5, 1, 1], { stride: 1, padding: 0, groups: 1 }),
  convolution('1×1 padded', [2, 5, 3, 3], [4, 5, 1, 1], { stride: 1, padding: 1, groups: 1 }),
  convolution('in 2 groups', [2, 4, 5, 6], [6, 2, 3, 3], { stride: 1, padding: 1, groups: 2 }),
  convolution('5×5 in 3 groups', [2, 6, 5, 6], [6, 2, 5, 5], { stride: 1, padding: 2, groups: 3 }),
  convolution('11×11 stride 4', [2, 3, 23, 19], [4, 3, 11, 11], { stride: 4, padding: 2, groups: 1 }),
  convolution('stride 2 with rows left over', [2, 2, 8, 10], [3, 2, 3, 3], { stride: 2, padding: 1, groups: 1 }),
  convolution('stride 3 larger than the kernel', [1, 2, 9, 8], [2, 2, 2, 2], { stride: 3, padding: 0, groups: 1 }),
  convolution('stride 2 in 2 groups', [2, 4, 8, 8], [4, 2, 3, 3], { stride: 2, padding: 1, groups: 2 }),
  product2(false, false),
  product2(true, false),
  product2(false, true),
  product2(true, true),
  { name: 'relu', inputs: [x(3, 7)], build: (graph, inputs) => graph.add(relu, inputs, {}) },
  { name: 'tanh', inputs: [x(3, 7)], build: (graph, inputs) => graph.add(tanh, inputs, {}) },
  pooling(maxPool2d, '3/2', x(2, 3, 7, 9), { kernel: 3, stride: 2, ceil: false }),
  pooling(maxPool2d, '3/2 with rows left over', x(2, 3, 8, 6), { kernel: 3, stride: 2, ceil: false }),
  pooling(maxPool2d, '3/2 ceil', x(2, 3, 8, 6), { kernel: 3, stride: 2, ceil: true }),
  pooling(maxPool2d, '2/2', x(2, 3, 6, 4), { kernel: 2, stride: 2, ceil: false }),
  pooling(maxPool2d, '2/3, a window outside dropped', x(1, 2, 6, 7), { kernel: 2, stride: 3, ceil: true }),
  pooling(avgPool2d, '3/2', x(2, 3, 7, 9), { kernel: 3, stride: 2, ceil: false }),
  pooling(avgPool2d, '3/2 ceil', x(2, 3, 8, 6), { kernel: 3, stride: 2, ceil: true }),
  pooling(avgPool2d, '2/2', x(2, 3, 6, 4), { kernel: 2, stride: 2, ceil: false }),
  pooling(avgPool2d, 'of large maps', x(1, 2, 40, 37), { kernel: 3, stride: 2, ceil: true }),
  norm('across channels', x(2, 7, 3, 2), { size: 5, alpha: 0.3, beta: 0.75, k: 2, across: 'channels' }),
  norm('across an even number of channels', x(2, 6, 3, 2), {
    size: 4,
    alpha: 0.3,
    beta: 0.5,
    k: 1,
    across: 'channels',
  }),
  norm('across more channels than there are', x(2, 3, 2, 2), {
    size: 9,
    alpha: 0.2,
    beta: 1,
    k: 1,
    across: 'channels',
  }),
  norm(
    'as in the paper',
    { shape: [2, 8, 3, 3], scale: 50 },
    { size: 5, alpha: 1e-4, beta: 0.75, k: 2, across: 'channels' },
  ),
  norm('within a map', x(2, 2, 5, 6), { size: 3, alpha: 0.3, beta: 0.75, k: 1, across: 'map' }),
  // Engines may keep pictures in layouts of their own between convolutions: in blocks of 16 channels, say.
  ...(['channels', 'map'] as const).map(
    (across): OperatorCase => ({
      name: `localResponseNorm (${across}) between layers`,
      inputs: [x(2, 3, 5, 5), x(24, 3, 3, 3), x(2, 24, 1, 1)],
      build: (graph, [pictures, weights, last]) => {
        const maps = graph.add(conv2d, [pictures, weights], { stride: 1, padding: 1, groups: 1 })
        const norm = graph.add(localResponseNorm, [maps], { size: 3, alpha: 0.2, beta: 0.75, k: 1, across })
        return graph.add(conv2d, [norm, last], { stride: 1, padding: 0, groups: 1 })
      },
    }),
  ),
  {
    name: 'dropout',
    inputs: [x(3, 8), { shape: [3, 8], kind: 'mask' }],
    build: (graph, inputs) => graph.add(dropout, inputs, { rate: 0.3 }),
  },
  { name: 'reshape', inputs: [x(2, 3, 4)], build: (graph, inputs) => graph.add(reshape, inputs, { shape: [6, 4] }) },
  {
    name: 'softmaxCrossEntropy',
    inputs: [x(4, 6), { shape: [4], kind: 'labels', classes: 6 }],
    build: (graph, inputs) => graph.add(softmaxCrossEntropy, inputs, {}),
  },
  {
    name: 'softmaxCrossEntropy of large logits',
    inputs: [
      { shape: [4, 6], scale: 60 },
      { shape: [4], kind: 'labels', classes: 6 },
    ],
    build: (graph, inputs) => graph.add(softmaxCrossEntropy, inputs, {}),
  },
  ...[1, 60].map(
    (scale): OperatorCase => ({
      name: `softTargetCrossEntropy of logits up to ${scale}`,
      inputs: [
        { shape: [4, 6], scale },
        { shape: [4, 6], kind: 'targets' },
      ],
      build: (graph, inputs) => graph.add(softTargetCrossEntropy, inputs, {}),
    }),
  ),
  {
    name: 'sumOver pictures and places',
    inputs: [x(2, 3, 4, 5)],
    build: (graph, inputs) => graph.add(sumOver, inputs, { axes: [0, 2, 3] }),
  },
  { name: 'sumOver rows', inputs: [x(4, 5)], build: (graph, inputs) => graph.add(sumOver, inputs, { axes: [0] }) },
  {
    name: 'broadcastOver',
    inputs: [x(3)],
    build: (graph, inputs) => graph.add(broadcastOver, inputs, { axes: [0, 2], shape: [2, 3, 4] }),
  },
  {
    name: 'linearCombination',
    inputs: [x(3, 4), x(3, 4), x(3, 4)],
    build: (graph, [a, b, c]) =>
      graph.add(linearCombination, [graph.constant(2), a, graph.constant(1), b, graph.constant(-0.5), c], {}),
  },
  { name: 'product', inputs: [x(), x()], build: (graph, inputs) => graph.add(product, inputs, {}) },
  { name: 'product of matrices', inputs: [x(3, 4), x(3, 4)], build: (graph, inputs) => graph.add(product, inputs, {}) },
  {
    name: 'a square',
    inputs: [x(5, 3)],
    build: (graph, [a]) => graph.add(product, [a, a], {}),
  },
  ...([true, false] as const).map(
    (ofBatch): OperatorCase => ({
      name: `dropoutMask of ${ofBatch ? 'a whole batch' : 'a share of it'}`,
      inputs: [{ shape: [], kind: 'labels', classes: 1000 }, x(3, 7)],
      build: (graph, [step, values]) => {
        const settings = { name: 'mask:here', shape: [3, 7], rate: 0.4, seed: 5, firstPicture: ofBatch ? 0 : 3 }
        return graph.add(dropout, [values, graph.add(dropoutMask, [step], settings)], { rate: 0.4 })
      },
    }),
  ),
  batchNormalisation('of maps', [3, 5, 4, 3]),
  batchNormalisation('of maps whose channels fill no block', [2, 17, 3, 2]),
  batchNormalisation('of rows', [6, 4]),
  {
    name: 'batchNorm by given statistics',
    inputs: [x(2, 4, 3, 3), x(4), x(4), x(4), { shape: [4], kind: 'positive' }],
    build: (graph, inputs) => graph.add(batchNorm, inputs, { epsilon: 1e-3, ofBatch: false }),
    differentiable: false,
  },
  {
    name: 'batchNorm between layers',
    inputs: [x(2, 3, 5, 5), x(24, 3, 3, 3), x(24), x(24), x(2, 24, 1, 1)],
    build: (graph, [pictures, weights, gamma, beta, last]) => {
      const maps = graph.add(conv2d, [pictures, weights], { stride: 1, padding: 1, groups: 1 })
      const norm = graph.add(relu, [normalised(graph, maps, gamma, beta)], {})
      return graph.add(conv2d, [norm, last], { stride: 1, padding: 0, groups: 1 })
    },
  },
  {
    name: 'batchMean and batchVariance',
    inputs: [x(3, 5, 2, 4)],
    build: (graph, [a]) => {
      const mean = graph.add(batchMean, [a], {})
      const variance = graph.add(batchVariance, [a, mean], {})
      return graph.add(linearCombination, [graph.constant(0.1), mean, graph.constant(0.7), variance], {})
    },
    differentiable: false,
  },
  {
    name: 'adamDirection',
    inputs: [x(3, 5), { shape: [3, 5], kind: 'positive' }, { shape: [], kind: 'labels', classes: 9 }],
    build: (graph, [m, v, step]) =>
      graph.add(adamDirection, [m, v, graph.add(biasCorrection, [step], { beta: 0.9 })], { epsilon: 1e-3 }),
    differentiable: false,
  },
  {
    name: 'quotient',
    inputs: [x(), { shape: [], kind: 'positive' }],
    build: (graph, inputs) => graph.add(quotient, inputs, {}),
    differentiable: false,
  },
  ...[0.5, 1e3].map(
    (maxNorm): OperatorCase => ({
      name: `two matrices clipped to a norm of ${maxNorm}`,
      inputs: [x(3, 4), x(7)],
      build: (graph, [a, b]) => {
        const one = graph.constant(1)
        const squares = [a, b].flatMap((each) => [one, graph.add(sumOfSquares, [each], {})])
        const factor = graph.add(clipFactor, [graph.add(linearCombination, squares, {})], { maxNorm })
        return graph.add(linearCombination, [factor, a], {})
      },
      differentiable: false,
    }),
  ),
  {
    name: 'a value used twice',
    inputs: [x(3, 4)],
    build: (graph, [a]) => graph.add(matmul, [graph.add(tanh, [a], {}), a], { transposeA: false, transposeB: true }),
  },
  {
    name: 'softmax',
    inputs: [{ shape: [3, 5], scale: 10 }],
    build: (graph, inputs) => graph.add(softmax, inputs, {}),
    differentiable: false,
  },
  ...[1, 3].map(
    (k): OperatorCase => ({
      name: `topKCorrect k=${k}`,
      inputs: [x(16, 6), { shape: [16], kind: 'labels', classes: 6 }],
      build: (graph, inputs) => graph.add(topKCorrect, inputs, { k }),
      differentiable: false,
    }),
  ),
]

/** Cases whose gradient is not that of a smooth function, so that only engines are compared on it. */
export const tieCases: readonly OperatorCase[] = [
  pooling(maxPool2d, '3/2 with ties', { shape: [2, 3, 9, 7], kind: 'ties' }, { kernel: 3, stride: 2, ceil: false }),
  pooling(maxPool2d, '3/2 ceil with ties', { shape: [2, 3, 8, 8], kind: 'ties' }, { kernel: 3, stride: 2, ceil: true }),
  {
    name: 'relu at zero',
    inputs: [{ shape: [4, 9], kind: 'ties' }],
    build: (graph, inputs) => graph.add(relu, inputs, {}),
  },
]

/**
 * The program of a case. Output `y` is the operator's; where it is differentiable, `gradient0`, `gradient1`, … are those
 * of Σ y·r with respect to the float inputs but targets, for a random r (input `r`), and `loss` is that sum.
 */
export function caseProgram({ name, inputs, build, differentiable }: OperatorCase): Program {
  const graph = new Builder(name)
  const nodes = inputs.map(({ shape, kind }, i) =>
    graph.input(`x${i}`, shape, kind === 'labels' ? 'int32' : kind === 'mask' ? 'uint8' : 'float32'),
  )
  const y = build(graph, nodes)
  if (differentiable === false) return graph.program({ outputs: { y } })
  const size = sizeOf(y.shape)
  const r = graph.input('r', [size, 1])
  const row = graph.add(reshape, [y], { shape: [1, size] })
  const loss = graph.add(reshape, [graph.add(matmul, [row, r], { transposeA: false, transposeB: false })], {
    shape: [],
  })
  const floats = nodes.filter(({ dtype }, i) => dtype === 'float32' && inputs[i].kind !== 'targets')
  const gradients = differentiate(graph, loss, floats)
  return graph.program({
    outputs: { y, loss, ...Object.fromEntries(floats.map((node, i) => [gradientName(node), gradients[i]])) },
  })
}

/** The output that holds the gradient with respect to an input: `gradient of x0`. */
export function gradientName(input: Node): string {
  return `gradient of ${String(input.attributes.name)}`
}

/** The inputs of a case: float64 for the reference; round them for other engines. */
export function caseInputs(program: Program, { name, inputs }: OperatorCase): Record<string, Tensor> {
  const stream = random(7, 'test', name)
  const result: Record<string, Tensor> = {}
  inputs.forEach(({ shape, kind, classes = 0, scale = 1 }, i) => {
    const size = sizeOf(shape)
    const fill = (next: () => number) => Array.from({ length: size }, next)
    result[`x${i}`] =
      kind === 'labels'
        ? int32(
            shape,
            fill(() => stream.integer(classes)),
          )
        : kind === 'mask'
          ? uint8(
              shape,
              fill(() => stream.integer(2)),
            )
          : float64(
              shape,
              fill(() => Math.fround(drawn(kind, scale, stream))),
            )
  })
  if (program.inputs.r)
    result.r = float64(
      program.inputs.r.shape,
      Array.from({ length: sizeOf(program.inputs.r.shape) }, () => Math.fround(stream.normal())),
    )
  return result
}

function drawn(kind: InputSpec['kind'], scale: number, stream: RandomStream): number {
  if (kind === 'ties') return stream.integer(3) - 1
  return kind === 'positive' || kind === 'targets' ? stream.between(0.1, 2) : scale * stream.normal()
}

/** The same inputs as an engine of float32 takes them. */
export function rounded(inputs: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [
      name,
      tensor.dtype === 'float64'
        ? { dtype: 'float32', shape: tensor.shape, data: Float32Array.from(tensor.data) }
        : tensor,
    ]),
  )
}
