import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../tests/support/closeness.js'
import { fill, type TensorSpec } from '../../tests/support/golden.js'
import { referenceEngine } from '../engines/reference/reference-engine.js'
import { AlexNetError } from '../errors.js'
import { decodePytorch } from '../formats/pytorch/decode.js'
import { classifier } from '../inference/classifier.js'
import { parametersOf, tensorsOf } from '../models/model.js'
import { float32, type Tensors } from '../tensor.js'
import { importNetwork } from './import-network.js'
import { readNetwork } from './read-network.js'

/** What the files of tests/golden/formats hold; scripts/golden/formats.py made them with PyTorch and onnx. */
interface Expected {
  readonly cases: readonly {
    readonly name: string
    readonly files: readonly string[]
    readonly side: number
    readonly parameters: readonly (TensorSpec & { readonly name: string })[]
    readonly images: TensorSpec
    readonly logits: readonly number[]
  }[]
  readonly views: {
    readonly files: readonly string[]
    readonly tensors: Readonly<
      Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
    >
  }
  readonly broken: Readonly<Record<string, string>>
}

const place = (name: string) => new URL(`../../tests/golden/formats/${name}`, import.meta.url)
const bytesOf = (name: string) => new Uint8Array(readFileSync(place(name)))
const expected = JSON.parse(readFileSync(place('expected.json'), 'utf8')) as Expected
const [alexnet, caffe, normalised] = expected.cases

describe.each([
  ...alexnet.files.map((file) => ({ file, of: alexnet, tolerance: 1e-5 })),
  { file: 'half.pth', of: alexnet, tolerance: 2e-3 },
  { file: 'bfloat16.pth', of: alexnet, tolerance: 2e-2 },
  ...caffe.files.map((file) => ({ file, of: caffe, tolerance: 1e-5 })),
  ...normalised.files.map((file) => ({ file, of: normalised, tolerance: 1e-5 })),
])('$file', ({ file, of, tolerance }) => {
  const network = readNetwork(bytesOf(file), file, of.side)

  it('is the network that it is, with its parameters', () => {
    expect(network.model.name).toBe(file === 'bvlcalexnet.onnx' ? 'imported' : of.name)
    expect(network.model.classes).toBe(7)
    // In the file Caffe's names are others; the order is the same.
    const tensors = [
      ...parametersOf(network.model),
      ...tensorsOf(network.model).filter(({ name }) => /running/.test(name)),
    ]
    expect(tensors).toHaveLength(of.parameters.length)
    const rounding = tolerance > 1e-3 ? tolerance : 1e-7
    tensors.forEach(({ name, shape }, i) => {
      expect(network.state[name].shape).toEqual(shape)
      expect(network.state[name].dtype).toBe('float32')
      expect(relativeDifference(network.state[name], fill(of.parameters[i]))).toBeLessThan(rounding)
    })
  })

  it("gives PyTorch's logits", async () => {
    // Caffe's pictures are blue, green, red; the imported network takes red, green, blue.
    const turned = network.channels === 'bgr'
    const { checkpoint } = importNetwork(network, { file })
    const [count] = of.images.shape
    const images = Float32Array.from(fill(of.images).data)
    const net = await classifier(referenceEngine(), checkpoint.model, { batchSize: count })
    await net.load(checkpoint.state)
    const { logits } = await net.classify(turned ? channelsTurned(images, of.side) : images, count)
    expect(relativeDifference({ data: logits }, { data: Float64Array.from(of.logits) })).toBeLessThan(tolerance)
  })
})

function channelsTurned(images: Float32Array, side: number): Float32Array {
  const plane = side * side
  return images.map((_, i) => {
    const [picture, channel] = [Math.floor(i / (3 * plane)), Math.floor(i / plane) % 3]
    return images[(picture * 3 + 2 - channel) * plane + (i % plane)]
  })
}

it('reads torchvision AlexNets under torchvision names, with the layers that ONNX leaves out', () => {
  for (const file of ['zip.pth', 'alexnet.onnx']) {
    const { model } = readNetwork(bytesOf(file), file, 63)
    expect(model.classifier.map(({ kind }) => kind)).toEqual([
      'dropout',
      'linear',
      'relu',
      'dropout',
      'linear',
      'relu',
      'linear',
    ])
  }
})

it.each(expected.views.files)('%s: tensors that are views of storages', (file) => {
  const tensors: Tensors = decodePytorch(bytesOf(file))
  expect(Object.keys(tensors)).toEqual(Object.keys(expected.views.tensors))
  for (const [name, { shape, values }] of Object.entries(expected.views.tensors))
    expect(tensors[name], name).toEqual(float32(shape, values))
})

it('copies nothing of a file whose tensors lie well', () => {
  const bytes = bytesOf('zip.pth')
  for (const { data } of Object.values(decodePytorch(bytes))) expect(data.buffer).toBe(bytes.buffer)
})

describe('broken and malicious files end in one line', () => {
  it.each(Object.entries(expected.broken))('%s: %s', (file, message) => {
    const start = process.cpuUsage()
    const error = failure(() => readNetwork(bytesOf(file), file, 63))
    expect(error.message).toContain(message)
    expect(error.message.startsWith(`${file}: `)).toBe(true)
    expect(error.message).not.toMatch(/[\r\n]/)
    // The processor's time: other programs may have it in between.
    expect(process.cpuUsage(start).user).toBeLessThan(1_000_000)
  })
})

function failure(read: () => void): AlexNetError {
  try {
    read()
  } catch (error) {
    if (error instanceof AlexNetError) return error
    throw error
  }
  throw new Error('it was read')
}
