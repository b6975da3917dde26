import { createHash } from 'node:crypto'
import type * as Onnx from 'onnxruntime-common'
import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../tests/support/closeness.js'
import type { Preprocessing } from '../data/preprocessing.js'
import { preprocess } from '../data/preprocessing.js'
import { loadOnnxRuntime } from '../engines/node/load-onnx-runtime.js'
import { onnxEngine } from '../engines/onnx/onnx-engine.js'
import { decodeOnnx } from '../formats/onnx/decode.js'
import { encodeOnnx } from '../formats/onnx/encode.js'
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors.js'
import { classifier } from '../inference/classifier.js'
import { createModel } from '../models/catalogue.js'
import { initialState } from '../models/initial-state.js'
import { type Model, parametersOf, tensorsOf } from '../models/model.js'
import type { ModelOptions } from '../models/options.js'
import { random } from '../random.js'
import { exportOnnx, type OnnxExportOptions } from './export-onnx.js'
import { exportSafetensors } from './export-safetensors.js'
import { readNetwork } from './read-network.js'

const OnnxRuntime = await loadOnnxRuntime()

/** Every network, and the switches that change its operators; narrow, on the smallest pictures that fit. */
const networks: readonly { readonly name: string; readonly side: number; readonly options: ModelOptions }[] = [
  { name: 'alexnet', side: 63, options: { width: 0.04 } },
  { name: 'alexnet', side: 79, options: { width: 0.04, lrn: true, activation: 'tanh', pooling: 'plain' } },
  { name: 'alexnet-2012', side: 63, options: { width: 0.04 } },
  { name: 'alexnet-cifar', side: 32, options: { width: 0.1 } },
  { name: 'alexnet-cifar', side: 16, options: { width: 0.1, norm: 'batch' } },
  { name: '80sec', side: 32, options: { width: 0.2 } },
  { name: '19pct', side: 32, options: { width: 0.2 } },
  { name: '18pct', side: 32, options: { width: 0.2 } },
]

const engine = onnxEngine(OnnxRuntime)

function network({ name, side, options }: (typeof networks)[number]) {
  const model = createModel(name, { inputShape: [3, side, side], classes: 5 }, options)
  const augmentation = [{ kind: 'random-crop' as const, size: side, padding: 0 }, { kind: 'mirror' as const }]
  const preprocessing: Preprocessing = {
    size: side + 6,
    normalisation: { kind: 'channel', mean: [120, 115, 100], deviation: [60, 61, 62] },
    augmentation,
  }
  const mean = Float32Array.from({ length: 3 * (side + 6) ** 2 }, (_, i) => 100 + (i % 50))
  const byPixel: Preprocessing = {
    size: side + 6,
    normalisation: { kind: 'pixel', mean, shape: [3, side + 6, side + 6], deviation: 2 },
    augmentation,
  }
  const classes = ['cat', 'dog', 'größe', 'a "b"', '鳥']
  return { model, classes, preprocessing, byPixel, state: initialState(model, 3) }
}

function pictures(model: Model, count: number): Uint8Array {
  const stream = random(1, 'shapes', 0, 0)
  return Uint8Array.from({ length: count * model.inputShape.reduce((a, b) => a * b, 1) }, () => stream.integer(256))
}

async function run(bytes: Uint8Array, images: Onnx.Tensor) {
  const session = await OnnxRuntime.InferenceSession.create(bytes, { intraOpNumThreads: 1 })
  const results = await session.run({ images })
  await session.release()
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
}

async function logitsOf(model: Model, state: ReturnType<typeof initialState>, images: Float32Array, count: number) {
  const net = await classifier(engine, model, { batchSize: count, threads: 1 })
  await net.load(state)
  const results = await net.classify(images, count)
  await net.dispose()
  return results
}

describe.each(networks)('$name on $side', (of) => {
  const net = network(of)
  const { model, state } = net
  const size = model.inputShape.reduce((a, b) => a * b, 1)

  it('exported as ONNX gives the logits of the engine, for any number of pictures', async () => {
    const bytes = encodeOnnx(exportOnnx(net, { probabilities: true }))
    for (const count of [1, 3]) {
      const images = Float32Array.from(pictures(model, count), (value) => value / 128 - 1)
      const expected = await logitsOf(model, state, images, count)
      const actual = await run(bytes, new OnnxRuntime.Tensor('float32', images, [count, ...model.inputShape]))
      expect(relativeDifference({ data: actual.logits }, { data: expected.logits })).toBeLessThan(1e-5)
      expect(relativeDifference({ data: actual.probabilities }, { data: expected.probabilities })).toBeLessThan(1e-5)
    }
  })

  it('normalises inside the graph as outside', async () => {
    const [, side] = model.inputShape
    for (const preprocessing of [net.preprocessing, net.byPixel]) {
      const wide = pictures({ ...model, inputShape: [3, side + 6, side + 6] }, 1)
      const images = new Float32Array(size)
      preprocess(wide, [3, side + 6, side + 6], preprocessing, undefined, images, 0)
      const expected = await logitsOf(model, state, images, 1)
      // The middle of the picture, as the crop of a test leaves it.
      const middle = Uint8Array.from({ length: size }, (_, i) => {
        const [c, y, x] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side]
        return wide[(c * (side + 6) + y + 3) * (side + 6) + x + 3]
      })
      for (const type of ['uint8', 'float32'] as const) {
        const bytes = encodeOnnx(exportOnnx({ ...net, preprocessing }, { preprocess: type }))
        const data = type === 'uint8' ? middle : Float32Array.from(middle)
        const actual = await run(bytes, new OnnxRuntime.Tensor(type, data as Float32Array, [1, ...model.inputShape]))
        expect(relativeDifference({ data: actual.logits }, { data: expected.logits })).toBeLessThan(1e-5)
      }
    }
  })

  it.each<OnnxExportOptions>([{}, { probabilities: true }, { preprocess: 'uint8' }, { preprocess: 'float32' }])(
    'comes back from ONNX as it was (%j)',
    (options) => {
      for (const preprocessing of [net.preprocessing, net.byPixel]) {
        const bytes = encodeOnnx(exportOnnx({ ...net, preprocessing }, options))
        const back = readNetwork(bytes, 'a.onnx')
        expectSame(back, { model, classes: net.classes, preprocessing, state })
      }
    },
  )

  it('comes back from safetensors as it was, and holds nothing but its parameters', () => {
    for (const preprocessing of [net.preprocessing, net.byPixel]) {
      const bytes = Buffer.concat(exportSafetensors({ ...net, preprocessing }))
      expectSame(readNetwork(bytes, 'a.safetensors'), { model, classes: net.classes, preprocessing, state })
      const { tensors, metadata } = decodeSafetensors(bytes)
      expect(Object.keys(tensors)).toEqual(tensorsOf(model).map(({ name }) => name))
      expect(metadata.format).toBe('pt')
    }
  })

  it('is recognised by its tensors alone', () => {
    const bytes = Buffer.concat(exportSafetensors(net))
    const { tensors } = decodeSafetensors(bytes)
    const { model: found } = readNetwork(encodeSafetensors(tensors), 'a.safetensors', of.side)
    // Which neurons they are, and how they started, no tensor tells.
    const kinds = (m: Model) => [...m.features, ...m.classifier].map(({ kind }) => kind.replace('tanh', 'relu'))
    expect(kinds(found)).toEqual(kinds(model))
    expect(parametersOf(found).map(({ name, shape }) => [name, shape])).toEqual(
      parametersOf(model).map(({ name, shape }) => [name, shape]),
    )
  })

  it.skipIf(of.name === '18pct')('is recognised by its graph alone', () => {
    const { metadata: _, ...onnx } = exportOnnx(net)
    const back = readNetwork(encodeOnnx(onnx), 'a.onnx')
    expectSame(back.state, state)
    const essence = (m: Model) => JSON.stringify([m.name, m.features, m.classifier].map(withoutStart))
    expect(essence(back.model)).toBe(essence(model))
  })
})

it('a graph that was changed is read by what it does, not by what its metadata say', () => {
  const net = network(networks[0])
  const onnx = exportOnnx(net)
  const nodes = onnx.graph.nodes.map((node) => (node.opType === 'MaxPool' ? { ...node, opType: 'AveragePool' } : node))
  const { model } = readNetwork(encodeOnnx({ ...onnx, graph: { ...onnx.graph, nodes } }), 'a.onnx')
  expect(model.features.map(({ kind }) => kind)).toContain('avg-pool')
  expect(model.features.map(({ kind }) => kind)).not.toContain('max-pool')
})

it('a file survives decoding and encoding', () => {
  const onnx = exportOnnx(network(networks[2]), { probabilities: true, preprocess: 'uint8' })
  const once = encodeOnnx(onnx)
  expectSame(encodeOnnx(decodeOnnx(once)), once)
})

/** Equal, with arrays of numbers compared by the hash of their bytes: many times faster than one by one. */
function expectSame(actual: unknown, expected: unknown): void {
  const hashed = (_key: string, value: unknown) =>
    ArrayBuffer.isView(value)
      ? createHash('sha256')
          .update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
          .digest('hex')
      : value
  expect(JSON.parse(JSON.stringify(actual, hashed))).toEqual(JSON.parse(JSON.stringify(expected, hashed)))
}

/** How parameters start and learn is no matter of a graph. */
function withoutStart(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, v) => (key === 'weight' || key === 'bias' ? undefined : v)))
}
