import { afterAll, expect, it } from 'vitest'
import { onnx } from '../../tests/support/engines.js'
import { tinyCheckpoint } from '../../tests/support/tiny-checkpoint.js'
import { memoryReader } from '../data/pictures.js'
import { preprocess } from '../data/preprocessing.js'
import { shapes } from '../data/shapes.js'
import { referenceEngine } from '../engines/reference/reference-engine.js'
import { classifier } from './classifier.js'
import { pictureClassifier } from './picture-classifier.js'

const checkpoint = tinyCheckpoint()
const { test } = shapes({ seed: 1, train: 10, test: 10 })
const picture = memoryReader(test!.pictures, 'test')(3)
const net = pictureClassifier(onnx, checkpoint)
afterAll(() => net.dispose())

it('predicts what the classifier of the evaluation does', async () => {
  const images = new Float32Array(3 * 32 * 32)
  preprocess(picture.data, picture.shape, checkpoint.preprocessing, undefined, images, 0)
  const plain = await classifier(onnx, checkpoint.model, { batchSize: 1 })
  await plain.load(checkpoint.state)
  const { probabilities } = await plain.classify(images, 1)
  await plain.dispose()
  const top = await net.predict(picture, 10)
  expect(top.map(({ probability }) => probability)).toEqual([...probabilities].sort((a, b) => b - a))
  expect(top[0].label).toBe(`class ${top[0].index}`)
})

it('shows what every layer produces, as the reference does', async () => {
  const reference = pictureClassifier(referenceEngine(), checkpoint)
  const [actual, expected] = [await net.activations(picture), await reference.activations(picture)]
  await reference.dispose()
  expect(actual.map(({ layer }) => layer)).toEqual(net.summary.layers.map(({ name }) => name))
  actual.forEach(({ shape, data }, i) => {
    expect(shape).toEqual(net.summary.layers[i].output)
    expect(data).toHaveLength(shape.reduce((a, b) => a * b, 1))
    for (let n = 0; n < data.length; n += 97) expect(data[n]).toBeCloseTo(expected[i].data[n], 4)
  })
})

it('covers one part of the picture after the other', async () => {
  const [{ index, probability }] = await net.predict(picture, 1)
  const map = await net.occlusionMap(picture, { index, patch: 8, stride: 6 })
  expect([map.rows, map.columns, map.probability.length]).toEqual([5, 5, 25])
  expect(map.whole).toBeCloseTo(probability, 5)
  expect(new Set(map.probability).size).toBeGreaterThan(10)
  // A square as large as the picture leaves nothing of it.
  const all = await net.occlusionMap(picture, { index, patch: 32, stride: 32 })
  const gray = await net.predict({ shape: [3, 32, 32], data: new Uint8Array(3 * 32 * 32).fill(125) }, 10)
  expect(all.probability).toHaveLength(1)
  expect(all.probability[0]).toBeCloseTo(gray.find((each) => each.index === index)!.probability, 2)
  await expect(net.occlusionMap(picture, { index: 10, patch: 8, stride: 6 })).rejects.toThrow('there is no class 10')
  await expect(net.occlusionMap(picture, { index: 0, patch: 8, stride: 0 })).rejects.toThrow('stride must be')
})

it('gives parameters by name', () => {
  expect(net.parameter('features.0.weight').shape).toHaveLength(4)
  expect(() => net.parameter('features.0.wait')).toThrow("no parameter 'features.0.wait'")
})
