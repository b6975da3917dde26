import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../errors.js'
import { GraphBuilder } from './builder.js'
import { differentiate } from './differentiate.js'
import { relu } from './ops/activation.js'
import { conv2d } from './ops/convolution.js'
import { dropout } from './ops/dropout.js'
import { linearCombination } from './ops/linear-combination.js'
import { localResponseNorm } from './ops/local-response-norm.js'
import { matmul } from './ops/matmul.js'
import { maxPool2d } from './ops/pooling.js'
import { reshape } from './ops/reshape.js'
import { softmax } from './ops/softmax.js'
import { softmaxCrossEntropy } from './ops/softmax-cross-entropy.js'
import { broadcastOver, sumOver } from './ops/sum-over.js'
import { topKCorrect } from './ops/top-k-correct.js'
import { printProgram } from './print.js'

const plain = { transposeA: false, transposeB: false }

/** What `build` throws, as `code: message`. */
function failure(build: (graph: GraphBuilder) => void): string {
  try {
    build(new GraphBuilder('test'))
  } catch (error) {
    if (!(error instanceof AlexNetError)) throw error
    return `${error.code}: ${error.message}`
  }
  throw new Error('nothing was thrown')
}

describe('GraphBuilder', () => {
  it('names the layer that does not fit, once', () => {
    const build = (graph: GraphBuilder) =>
      graph.within('classifier.1', () =>
        graph.within('inner', () => graph.add(matmul, [graph.input('x', [2, 3]), graph.input('w', [4, 5])], plain)),
      )
    expect(failure(build)).toBe('invalid-shape: classifier.1: matmul: 2×3 does not fit 4×5')
  })

  it('keeps the hint and the cause of an error', () => {
    const graph = new GraphBuilder('test')
    const x = graph.input('x', [1, 3, 2, 2])
    const build = () =>
      graph.within('features.2', () => graph.add(maxPool2d, [x], { kernel: 3, stride: 2, ceil: false }))
    expect(build).toThrow(
      expect.objectContaining({
        message: 'features.2: maxPool2d: kernel 3 is larger than the input 2',
        hint: expect.stringContaining('--image-size'),
        cause: expect.any(AlexNetError),
      }),
    )
  })

  it('gives nodes the layer that they were made in', () => {
    const graph = new GraphBuilder('test')
    const x = graph.input('x', [2])
    const inner = graph.within('features.0', () => graph.add(relu, [x], {}))
    expect([x.scope, inner.scope, graph.add(relu, [x], {}).scope]).toEqual(['', 'features.0', ''])
    expect(() =>
      graph.within('features.1', () => {
        throw new TypeError('a bug')
      }),
    ).toThrow(new TypeError('a bug'))
    expect(graph.add(relu, [x], {}).scope).toBe('')
  })

  it('makes the same constant once', () => {
    const graph = new GraphBuilder('test')
    expect(graph.constant(0.9)).toBe(graph.constant(0.9))
    expect(graph.constant(0.9)).not.toBe(graph.constant(1))
  })

  it.each<[string, (graph: GraphBuilder) => void]>([
    [
      "invalid-program: test: the name 'x' is taken",
      (graph) => {
        graph.input('x', [])
        graph.state('x', [])
      },
    ],
    [
      "invalid-program: test: there is no state 'v' to advance",
      (graph) => graph.program({ outputs: {}, next: { v: graph.constant(1) } }),
    ],
    [
      "invalid-program: test: state 'w' is 2×3, its next value 3×2",
      (graph) =>
        graph.program({ outputs: {}, next: { w: graph.add(reshape, [graph.state('w', [2, 3])], { shape: [3, 2] }) } }),
    ],
  ])('%s', (message, build) => {
    expect(failure(build)).toBe(message)
  })
})

describe('shape rules', () => {
  it.each<[string, (graph: GraphBuilder) => void]>([
    [
      'matmul: expected a matrix with 2 axes, got 1×2×3',
      (g) => g.add(matmul, [g.input('a', [1, 2, 3]), g.input('b', [3, 4])], plain),
    ],
    [
      'matmul: expected bias of 4, got 3',
      (g) => g.add(matmul, [g.input('a', [2, 3]), g.input('b', [3, 4]), g.input('c', [3])], plain),
    ],
    [
      'conv2d: 4 filters over 3 channels in 1 groups do not fit an input of 2 channels',
      (g) =>
        g.add(conv2d, [g.input('x', [1, 2, 5, 5]), g.input('w', [4, 3, 3, 3])], { stride: 1, padding: 0, groups: 1 }),
    ],
    [
      'conv2d: kernel 11 is larger than the input 6 with padding 2',
      (g) =>
        g.add(conv2d, [g.input('x', [1, 3, 6, 6]), g.input('w', [4, 3, 11, 11])], { stride: 4, padding: 2, groups: 1 }),
    ],
    ['reshape: 2×3 does not fit 5', (g) => g.add(reshape, [g.input('x', [2, 3])], { shape: [5] })],
    [
      'dropout: expected a mask of dtype uint8, got float32',
      (g) => g.add(dropout, [g.input('x', [2]), g.input('m', [2])], { rate: 0.5 }),
    ],
    [
      'dropout: expected a mask of 2, got 3',
      (g) => g.add(dropout, [g.input('x', [2]), g.input('m', [3], 'uint8')], { rate: 0.5 }),
    ],
    [
      'softmaxCrossEntropy: expected labels of 2, got 3',
      (g) => g.add(softmaxCrossEntropy, [g.input('z', [2, 5]), g.input('l', [3], 'int32')], {}),
    ],
    [
      'topKCorrect: expected labels of dtype int32, got float32',
      (g) => g.add(topKCorrect, [g.input('z', [2, 5]), g.input('l', [2])], { k: 1 }),
    ],
    ['linearCombination: expected pairs of inputs, got 1 inputs', (g) => g.add(linearCombination, [g.constant(1)], {})],
    [
      'linearCombination: expected a coefficient of scalar, got 2',
      (g) => g.add(linearCombination, [g.input('x', [2]), g.input('y', [2])], {}),
    ],
    [
      'linearCombination: expected a term of 2, got 3',
      (g) => {
        const one = g.constant(1)
        g.add(linearCombination, [one, g.input('x', [2]), one, g.input('y', [3])], {})
      },
    ],
    ['sumOver: axis 2 is not one of the 2 axes', (g) => g.add(sumOver, [g.input('x', [2, 3])], { axes: [2] })],
    [
      'broadcastOver: expected an input of 3, got 2',
      (g) => g.add(broadcastOver, [g.input('x', [2])], { axes: [0], shape: [2, 3] }),
    ],
    [
      'localResponseNorm: a window within a map has an odd size, got 4',
      (g) =>
        g.add(localResponseNorm, [g.input('x', [1, 2, 5, 5])], { size: 4, alpha: 1, beta: 1, k: 1, across: 'map' }),
    ],
  ])('%s', (message, build) => {
    expect(failure(build)).toBe(`invalid-shape: ${message}`)
  })
})

describe('a program', () => {
  it('holds only what its results need', () => {
    const graph = new GraphBuilder('test')
    const x = graph.input('x', [2])
    const unusedInput = graph.input('unused', [2])
    const w = graph.state('w', [2])
    const kept = graph.state('kept', [2])
    const y = graph.add(relu, [x], {})
    graph.add(relu, [unusedInput], {})
    const next = graph.add(relu, [w], {})
    const program = graph.program({ outputs: { y }, next: { w: next } })
    // A state without an entry in `next` stays: it is there to be read and written.
    expect(program.nodes).toEqual([x, w, kept, y, next])
    expect(program.inputs).toEqual({ x })
    expect(program.state).toEqual({ w: { current: w, next }, kept: { current: kept, next: undefined } })
    expect(program.outputs).toEqual({ y })
  })

  it('prints as text', () => {
    const graph = new GraphBuilder('tiny')
    const x = graph.input('images', [2, 1, 3, 3])
    const labels = graph.input('labels', [2], 'int32')
    const w = graph.within('features.0', () => graph.state('features.0.weight', [4, 1, 3, 3]))
    const y = graph.within('features.0', () => graph.add(conv2d, [x, w], { stride: 1, padding: 0, groups: 1 }))
    const loss = graph.within('loss', () => {
      const logits = graph.add(reshape, [y], { shape: [2, 4] })
      return graph.add(softmaxCrossEntropy, [logits, labels], {})
    })
    const [gradient] = differentiate(graph, loss, [w])
    const next = graph.within('update', () =>
      graph.add(linearCombination, [graph.constant(1), w, graph.constant(-0.1), gradient], {}),
    )
    expect(
      printProgram(graph.program({ outputs: { loss }, next: { 'features.0.weight': next } })).replaceAll(/ +\n/g, '\n'),
    ).toMatchInlineSnapshot(`
      "program tiny

      # program
      %0 = input images                                                         2×1×3×3
      %1 = input labels                                                         int32 2

      # features.0
      %2 = state features.0.weight                                              4×1×3×3
      %3 = conv2d(%0, %2) stride=1 padding=0 groups=1                           2×4×1×1

      # loss
      %4 = reshape(%3) shape=[2,4]                                              2×4
      %5 = softmaxCrossEntropy(%4, %1)                                          scalar

      # program
      %6 = 1                                                                    scalar

      # loss
      %7 = softmaxCrossEntropyGradient(%4, %1, %6)                              2×4
      %8 = reshape(%7) shape=[2,4,1,1]                                          2×4×1×1

      # features.0
      %9 = conv2dWeightGradient(%0, %8) stride=1 padding=0 groups=1 kernel=3    4×1×3×3

      # update
      %10 = -0.1                                                                scalar
      %11 = linearCombination(%6, %2, %10, %9)                                  4×1×3×3

      # results
      output loss = %5
      next features.0.weight = %11"
    `)
  })
})

describe('differentiate', () => {
  const squareSum = (graph: GraphBuilder, x: ReturnType<GraphBuilder['input']>) => {
    const row = graph.add(reshape, [x], { shape: [1, 3] })
    const square = graph.add(matmul, [row, row], { transposeA: false, transposeB: true })
    return graph.add(reshape, [square], { shape: [] })
  }

  it('adds no gradient where nobody asks for one', () => {
    const graph = new GraphBuilder('test')
    const [x, w] = [graph.input('x', [2, 3]), graph.state('w', [3, 1])]
    const loss = graph.add(sumOver, [graph.add(matmul, [x, w], plain)], { axes: [0, 1] })
    const before = graph.allNodes().length
    const [gradient] = differentiate(graph, loss, [w])
    expect(gradient.shape).toEqual([3, 1])
    expect(
      graph
        .allNodes()
        .slice(before)
        .map(({ op }) => op),
    ).toEqual(['constant', 'broadcastOver', 'matmul'])
  })

  it('returns gradients in the order of the targets', () => {
    const graph = new GraphBuilder('test')
    const [a, b] = [graph.input('a', [2, 3]), graph.input('b', [3, 1])]
    const loss = graph.add(sumOver, [graph.add(matmul, [a, b], plain)], { axes: [0, 1] })
    expect(differentiate(graph, loss, [b, a]).map(({ shape }) => shape)).toEqual([
      [3, 1],
      [2, 3],
    ])
  })

  it.each<[string, (graph: GraphBuilder) => void]>([
    [
      'only a scalar can be differentiated, got 2×3',
      (graph) => {
        const x = graph.input('x', [2, 3])
        differentiate(graph, x, [x])
      },
    ],
    [
      'the loss does not depend on node %1 (state)',
      (graph) => {
        const [x, other] = [graph.input('x', [3]), graph.state('other', [3])]
        differentiate(graph, squareSum(graph, x), [x, other])
      },
    ],
    [
      'the loss does not depend on node %4 (input)',
      (graph) => {
        const loss = squareSum(graph, graph.input('x', [3]))
        differentiate(graph, loss, [graph.input('later', [3])])
      },
    ],
    [
      'features.1: softmax has no gradient rule',
      (graph) => {
        const x = graph.input('x', [1, 3])
        const y = graph.within('features.1', () => graph.add(softmax, [x], {}))
        differentiate(graph, graph.add(sumOver, [y], { axes: [0, 1] }), [x])
      },
    ],
  ])('%s', (message, build) => {
    expect(failure(build)).toBe(`invalid-program: ${message}`)
  })
})
