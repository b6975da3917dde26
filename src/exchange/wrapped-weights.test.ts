import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../tests/support/closeness.js'
import { PythonObject, StateDict, torchFile } from '../../tests/support/torch-file.js'
import { referenceEngine } from '../engines/reference/reference-engine.js'
import { AlexNetError } from '../errors.js'
import { encodeSafetensors } from '../formats/safetensors.js'
import { classifier } from '../inference/classifier.js'
import { createModel } from '../models/catalogue.js'
import { initialState } from '../models/initial-state.js'
import { type Model, parametersOf } from '../models/model.js'
import { float32, type Tensors } from '../tensor.js'
import { unpooledWeight } from './mean-pool.js'
import { readNetwork } from './read-network.js'

/** A narrow AlexNet for pictures of 63×63, whose maps are 1×1. */
const model = createModel('alexnet', { inputShape: [3, 63, 63], classes: 4 }, { width: 0.04 })
const state = initialState(model, 3)
const named = (rename: (name: string) => string, tensors: Tensors = state) =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor]))
const read = (value: unknown, side = 63) => readNetwork(torchFile(value), 'a.pth', side)
const namespace = new PythonObject('argparse', 'Namespace', { lr: 0.1, arch: 'alexnet' })

function expectWhole(network: { model: Model; state: Tensors }): void {
  expect(network.model.name).toBe('alexnet')
  expect(Object.keys(network.state)).toHaveLength(Object.keys(state).length)
  for (const [name, { data }] of Object.entries(state)) expect(network.state[name].data).toEqual(data)
}

describe('everyday wrappings of weights', () => {
  it.each<[string, unknown]>([
    ['none', new StateDict(state)],
    ['DataParallel', new StateDict(named((name) => `module.${name}`))],
    [
      'DataParallel of the features alone',
      new StateDict(named((name) => name.replace('features.', 'features.module.'))),
    ],
    ['a class with the network as a part', new StateDict(named((name) => `model.${name}`))],
    ['several at once', new StateDict(named((name) => `module.net._orig_mod.${name}`))],
    ['options beside them', { model: new StateDict(state), args: namespace, epoch: 3 }],
    [
      "Lightning's checkpoint",
      {
        epoch: 1,
        'pytorch-lightning_version': '1.9.0',
        callbacks: { 'EarlyStopping{}': new PythonObject('pytorch_lightning.callbacks', 'EarlyStopping', { wait: 2 }) },
        state_dict: new StateDict({
          ...named((name) => `model.${name}`),
          'criterion.weight': float32([2], new Float32Array([1, 2])),
        }),
        hyper_parameters: { net: new PythonObject('my.project', 'Config', { depth: 8 }), lr: 0.1 },
      },
    ],
    [
      'a checkpoint within one',
      { checkpoint: { state_dict: new StateDict(state) }, optimizer_state: { a: namespace } },
    ],
  ])('%s', (_, value) => {
    expectWhole(read(value))
  })

  it('in safetensors too', () => {
    const bytes = encodeSafetensors(named((name) => `model.${name}`))
    expectWhole(readNetwork(bytes, 'a.safetensors', 63))
  })

  it.each<[string, unknown, RegExp]>([
    ['a whole module', new PythonObject('net', 'AlexNet', {}), /whole pickled module, "net\.AlexNet"/],
    [
      'a whole module in a dict',
      { model: new PythonObject('net', 'AlexNet', {}) },
      /whole pickled module, "net\.AlexNet"/,
    ],
    ['no weights', { epoch: 3, args: namespace }, /expected a state_dict, names with tensors, got "epoch" with 3/],
    [
      'an object in the place of a tensor',
      { 'features.0.weight': namespace, 'features.0.bias': namespace },
      /"features\.0\.weight" is an object of "argparse\.Namespace", expected a tensor/,
    ],
    [
      'two of one name',
      new StateDict({ ...state, ...named((name) => `module.${name}`) }),
      /two tensors have the name "features\.0\.weight"/,
    ],
  ])('%s is refused in one line', (_, value, message) => {
    expect(() => read(value)).toThrow(AlexNetError)
    expect(() => read(value)).toThrow(message)
  })
})

describe('a last layer that is a Sequential', () => {
  const { 'classifier.6.weight': weight, 'classifier.6.bias': bias, ...rest } = state
  const last = { 'classifier.6.0.weight': weight, 'classifier.6.0.bias': bias }

  it('of one layer is the usual one', () => {
    expectWhole(read(new StateDict({ ...rest, ...last })))
  })

  it('of several becomes as many layers, with ReLU between', async () => {
    const second = {
      'classifier.6.3.weight': float32(
        [2, 4],
        Float32Array.from({ length: 8 }, (_, i) => i / 4 - 1),
      ),
      'classifier.6.3.bias': float32([2], Float32Array.of(0.5, -0.5)),
    }
    const network = read(new StateDict({ ...rest, ...last, ...second }))
    expect(network.model.classifier.slice(6).map(({ kind }) => kind)).toEqual(['linear', 'relu', 'dropout', 'linear'])
    expect(network.model.classes).toBe(2)
    expect(network.notes?.join()).toContain('ReLU is assumed')
    expect(parametersOf(network.model).map(({ name }) => name)).toEqual(Object.keys(network.state))
    const [hidden, outputs] = [await logits(model, state), await logits(network.model, network.state)]
    const matrix = second['classifier.6.3.weight'].data
    const expected = [0, 1].map((row) =>
      [...hidden].reduce((sum, value, i) => sum + Math.max(0, value) * matrix[4 * row + i], [0.5, -0.5][row]),
    )
    expect(relativeDifference({ data: outputs }, { data: Float32Array.from(expected) })).toBeLessThan(1e-5)
  })
})

describe('a Sequential within the classifier that does not fit', () => {
  const without = (...places: readonly string[]) =>
    Object.fromEntries(Object.entries(state).filter(([name]) => !places.some((place) => name.startsWith(`${place}.`))))
  const layer = (place: string, outputs: number, inputs: number) => ({
    [`${place}.weight`]: float32([outputs, inputs], new Float32Array(outputs * inputs)),
    [`${place}.bias`]: float32([outputs], new Float32Array(outputs)),
  })
  const {
    'classifier.1.weight': first,
    'classifier.1.bias': firstBias,
    'classifier.6.weight': last,
    'classifier.6.bias': lastBias,
  } = state
  const [hidden] = first.shape
  const middle = { 'classifier.1.0.weight': first, 'classifier.1.0.bias': firstBias }
  const end = { 'classifier.6.0.weight': last, 'classifier.6.0.bias': lastBias }

  it.each<[string, Tensors, RegExp]>([
    [
      'in the middle, whose second layer would take the place of the next',
      { ...without('classifier.1'), ...middle, ...layer('classifier.1.3', hidden, hidden) },
      /those of no network known here/,
    ],
    ['in the middle, of one layer', { ...without('classifier.1'), ...middle }, /those of no network known here/],
    [
      'at the end, of layers that do not follow upon each other',
      { ...without('classifier.6'), ...end, ...layer('classifier.6.2', 2, 5) },
      /classifier\.8\.weight is 2×5, expected 2×4/,
    ],
    [
      'at the end, of more layers than memory holds',
      { ...without('classifier.6'), ...end, ...layer('classifier.6.4000000000', 2, 4) },
      /those of no network known here/,
    ],
  ])('%s, is refused in one line', (_, tensors, message) => {
    expect(() => read(new StateDict(tensors))).toThrow(AlexNetError)
    expect(() => read(new StateDict(tensors))).toThrow(message)
  })
})

async function logits(of: Model, tensors: Tensors): Promise<Float32Array> {
  const net = await classifier(referenceEngine(), of, { batchSize: 1 })
  await net.load(tensors)
  const images = Float32Array.from({ length: 3 * of.inputShape[1] ** 2 }, (_, i) => ((i * 37) % 101) / 50 - 1)
  const result = await net.classify(images, 1)
  await net.dispose()
  return result.logits.slice()
}

describe("torchvision's mean pool", () => {
  it.each([1, 3, 5, 6, 7, 8, 13])('of maps of side %d, within the weights behind it', (side) => {
    const [outputs, channels] = [2, 3]
    const wave = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * i))
    const weight = wave(outputs * channels * 36)
    const maps = wave(channels * side * side)
    // As PyTorch describes AdaptiveAvgPool2d: window i from ⌊i·side/6⌋ to ⌈(i+1)·side/6⌉.
    const pooled = Array.from({ length: channels * 36 }, (_, n) => {
      const [c, i, j] = [Math.floor(n / 36), Math.floor(n / 6) % 6, n % 6]
      const values: number[] = []
      for (let y = Math.floor((i * side) / 6); y < ((i + 1) * side) / 6; y++)
        for (let x = Math.floor((j * side) / 6); x < ((j + 1) * side) / 6; x++)
          values.push(maps[(c * side + y) * side + x])
      return values.reduce((a, b) => a + b, 0) / values.length
    })
    const product = (matrix: ArrayLike<number>, vector: ArrayLike<number>) =>
      Float32Array.from({ length: outputs }, (_, row) => {
        let sum = 0
        for (let i = 0; i < vector.length; i++) sum += matrix[row * vector.length + i] * vector[i]
        return sum
      })
    const folded = unpooledWeight(float32([outputs, channels * 36], weight), side)
    expect(folded.shape).toEqual([outputs, channels * side * side])
    expect(relativeDifference({ data: product(folded.data, maps) }, { data: product(weight, pooled) })).toBeLessThan(
      1e-5,
    )
  })

  it('lets an AlexNet for 224 see pictures of other sizes', () => {
    const wide = createModel('alexnet', { inputShape: [3, 224, 224], classes: 4 }, { width: 0.04 })
    const weights = new StateDict(initialState(wide, 3))
    expect(read(weights, 224).notes).toBeUndefined()
    for (const side of [128, 256]) {
      const network = read(weights, side)
      expect(network.model.inputShape).toEqual([3, side, side])
      expect(network.notes?.join()).toMatch(/to 6×6 by a mean/)
    }
  })

  it('of weights that fit no size, the size that was given is not asked for again', () => {
    const error = (side?: number) => {
      try {
        readNetwork(torchFile(new StateDict(state)), 'a.pth', side)
      } catch (thrown) {
        return thrown
      }
      throw new Error('it was read')
    }
    expect(error()).toMatchObject({ hint: expect.stringContaining('give their side: --image-size') })
    expect(error(256)).toMatchObject({ hint: expect.stringContaining('of another size than 256') })
  })
})
