import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../errors.js'
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '../formats/onnx/model.js'
import { float32 } from '../tensor.js'
import { readOnnxLayers } from './onnx-layers.js'

function floats(shape: readonly number[], start = 0): OnnxTensor {
  const size = shape.reduce((a, b) => a * b, 1)
  const data = Float32Array.from({ length: size }, (_, i) => start + i)
  return { dtype: 'float32', shape, bytes: new Uint8Array(data.buffer) }
}

type Step = readonly [opType: string, constants?: readonly string[], attributes?: Record<string, OnnxAttribute>]

const weights: Readonly<Record<string, OnnxTensor>> = {
  w: floats([2, 3, 1, 1]),
  w2: floats([4, 3, 2, 2]),
  b: floats([2], 7),
  m: floats([2, 3]),
  row: floats([1, 3], 5),
  t: floats([3, 2]),
}

/** A chain of nodes on pictures of 3×4×4. */
function chain(steps: readonly Step[], shape: readonly (number | string)[] = ['N', 3, 4, 4]): OnnxModel {
  const nodes = steps.map(
    ([opType, constants = [], attributes = {}], i): OnnxNode => ({
      opType,
      name: `${opType} ${i}`,
      inputs: [`x${i}`, ...constants],
      outputs: [`x${i + 1}`],
      attributes,
    }),
  )
  const value = (name: string) => ({ name, dtype: 'float32' as const, shape })
  return {
    opset: 16,
    graph: { name: 'g', nodes, initializers: weights, inputs: [value('x0')], outputs: [value(`x${steps.length}`)] },
  }
}

const conv: Step = ['Conv', ['w']]

describe('a graph as layers', () => {
  it('convolution without bias, mean of all places, product and addition, softmax', () => {
    const { features, classifier, classes } = readOnnxLayers(
      chain([conv, ['Relu'], ['GlobalAveragePool'], ['Flatten'], ['MatMul', ['m']], ['Add', ['row']], ['Softmax']]),
    )
    expect(features.map(({ layer }) => layer)).toEqual([
      { kind: 'conv2d', filters: 2, kernel: 1, stride: 1, padding: 0, groups: 1 },
      { kind: 'relu' },
      { kind: 'avg-pool', kernel: 4, stride: 1, ceil: false },
    ])
    expect(features[0].parameters.bias).toEqual(float32([2], [0, 0]))
    expect(classifier).toEqual([
      {
        layer: { kind: 'linear', outputs: 3 },
        // (inputs, outputs) in the file, (outputs, inputs) here
        parameters: { weight: float32([3, 2], [0, 3, 1, 4, 2, 5]), bias: float32([3], [5, 6, 7]) },
      },
    ])
    expect(classes).toBe(3)
  })

  it('Gemm with transB keeps its order, and needs no bias', () => {
    const { classifier } = readOnnxLayers(
      chain([conv, ['GlobalAveragePool'], ['Flatten'], ['Gemm', ['t'], { transB: 1 }]]),
    )
    expect(classifier[0].parameters.weight).toEqual(float32([3, 2], [0, 1, 2, 3, 4, 5]))
    expect(classifier[0].parameters.bias).toEqual(float32([3], [0, 0, 0]))
  })

  it.each<[number[], number, boolean]>([
    [[0, 0, 0, 0], 0, false],
    [[0, 0, 0, 0], 1, true],
    [[0, 0, 1, 1], 0, true],
  ])('a pooling with pads %j and ceil_mode %d', (pads, ceil_mode, ceil) => {
    const pool: Step = ['MaxPool', [], { kernel_shape: [3, 3], strides: [2, 2], pads, ceil_mode }]
    const { features } = readOnnxLayers(chain([pool]))
    expect(features[0].layer).toEqual({ kind: 'max-pool', kernel: 3, stride: 2, ceil })
  })

  it('the decimals that an author wrote come back from 32 bits', () => {
    const attributes = { size: 5, alpha: { float: Math.fround(1e-4) }, beta: { float: 0.75 }, bias: { float: 2 } }
    const { features } = readOnnxLayers(chain([['LRN', [], attributes]]))
    expect(features[0].layer).toMatchObject({ alpha: 1e-4, beta: 0.75, k: 2, alphaTimes: 'mean' })
  })

  it('a size that is left open is given', () => {
    const open = chain([conv], ['N', 3, 'height', 'width'])
    expect(readOnnxLayers(open, 5).inputShape).toEqual([3, 5, 5])
    expect(() => readOnnxLayers(open)).toThrow('leaves the size of its pictures open')
  })
})

describe('is refused, naming the node', () => {
  it.each<[string, OnnxModel, string]>([
    ['an operator', chain([conv, ['Sigmoid']]), 'node "Sigmoid 1" (Sigmoid): this operator is not supported'],
    ['an operator of every object', chain([['toString']]), '(toString): this operator is not supported'],
    ['a missing weight', chain([['Conv', ['none']]]), 'its weight "none" is missing from the file'],
    ['dilation', chain([['Conv', ['w'], { dilations: [2, 2] }]]), 'dilation is not supported'],
    ['padding that is not square', chain([['Conv', ['w'], { pads: [0, 1, 0, 1] }]]), 'its pads is [0,1,0,1]'],
    ['automatic padding', chain([['Conv', ['w'], { auto_pad: 'SAME_UPPER' }]]), 'auto_pad "SAME_UPPER"'],
    ['a window that is not square', chain([['MaxPool', [], { kernel_shape: [2, 3] }]]), 'its kernel_shape is [2,3]'],
    ['a window without size', chain([['MaxPool']]), 'its kernel_shape is missing'],
    ['a padded pooling', chain([['MaxPool', [], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }]]), 'its pads [1,1,1,1]'],
    ['a window that is too large', chain([['MaxPool', [], { kernel_shape: [9, 9] }]]), 'larger than the input'],
    ['an even LRN', chain([['LRN', [], { size: 4 }]]), 'its size is 4, expected an odd one'],
    ['groups that do not divide', chain([['Conv', ['w2'], { group: 2 }]]), 'its weight is 4×3×2×2'],
    ['a bias of another size', chain([['Conv', ['w2', 'b']]]), 'its bias is 2, expected 4'],
    ['a product of pictures', chain([['Gemm', ['m']]]), 'stands before the flattening'],
    [
      'another reshape',
      chain([
        ['Reshape', ['m']],
        ['Conv', ['w']],
      ]),
      'a reshape that does not flatten',
    ],
    ['an addition', chain([['Add', ['b']]]), 'an addition that is no bias'],
    ['layers behind the softmax', chain([['Flatten'], ['Softmax'], ['Relu']]), 'stands behind the softmax'],
    ['no pictures', chain([conv], ['N', 1, 28, 28]), 'its input is N×1×28×28, expected pictures (N, 3, H, W)'],
    ['endless pictures', chain([conv], ['N', 3, 2 ** 40, 2 ** 40]), 'leaves the size of its pictures open'],
  ])('%s', (_, model, message) => {
    expect(() => readOnnxLayers(model)).toThrow(AlexNetError)
    expect(() => readOnnxLayers(model)).toThrow(message)
  })

  it('a graph that branches, has two inputs, or runs in a circle', () => {
    const { graph, opset } = chain([conv, ['Relu']])
    const again = { ...graph.nodes[1], name: 'other', outputs: ['y'] }
    expect(() => readOnnxLayers({ opset, graph: { ...graph, nodes: [...graph.nodes, again] } })).toThrow('branches')
    const inputs = [...graph.inputs, { ...graph.inputs[0], name: 'second' }]
    expect(() => readOnnxLayers({ opset, graph: { ...graph, inputs } })).toThrow('expected one input')
    const nodes = [graph.nodes[0], { ...graph.nodes[1], outputs: ['x1'] }]
    expect(() => readOnnxLayers({ opset, graph: { ...graph, nodes } })).toThrow(AlexNetError)
  })
})
