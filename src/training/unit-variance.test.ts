import { describe, expect, it } from 'vitest'
import { onnx } from '../../tests/support/engines.js'
import { createModel } from '../models/catalogue.js'
import { initialState } from '../models/initial-state.js'
import { layersOf } from '../models/model.js'
import { activationsProgram } from '../programs/activations-program.js'
import { random } from '../random.js'
import { float32, sizeOf, type Tensors } from '../tensor.js'
import { withUnitVariance } from './unit-variance.js'

const stream = random(1, 'shapes', 0, 0)
const images = (shape: readonly number[]) =>
  float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => stream.normal()),
  )

describe.each([
  ['alexnet-2012', [3, 67, 67], { initial: 'paper' }], // N(0, 0.01): ever fainter
  ['alexnet-cifar', [3, 32, 32], { initial: 'lsuv', norm: 'lrn' }],
] as const)('%s', (name, inputShape, options) => {
  const model = createModel(name, { inputShape, classes: 3 }, { ...options, width: 1 / 8 })
  const batch = images([16, ...inputShape])
  const drawn = initialState(model, 1)
  const weighted = layersOf(model).filter(({ layer }) => layer.kind === 'conv2d' || layer.kind === 'linear')

  async function deviations(state: Tensors): Promise<number[]> {
    const names = weighted.map((layer) => layer.name)
    const executable = await onnx.compile(activationsProgram(model, 16, names), { threads: 1 })
    await executable.writeState(state)
    const outputs = await executable.run({ images: batch })
    await executable.dispose()
    return names.map((layer) => {
      const values = Array.from(outputs[layer].data)
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    })
  }

  it('gives every layer the variance 1 for the pictures, by its weights alone', async () => {
    const options = { model, engine: onnx, threads: 1, images: batch }
    const scaled = await withUnitVariance({ ...options, state: drawn })
    for (const deviation of await deviations(scaled)) expect(deviation).toBeCloseTo(1, 3)
    expect(Math.max(...(await deviations(drawn)).map((deviation) => Math.abs(deviation - 1)))).toBeGreaterThan(0.2)
    for (const [parameter, { data }] of Object.entries(scaled))
      if (parameter.endsWith('.bias')) expect(data).toEqual(drawn[parameter].data)
  })

  it('leaves alone what gives nothing', async () => {
    const { name: first } = weighted[0]
    const silent = {
      ...drawn,
      [`${first}.weight`]: float32(
        drawn[`${first}.weight`].shape,
        new Float32Array(sizeOf(drawn[`${first}.weight`].shape)),
      ),
    }
    const scaled = await withUnitVariance({ model, engine: onnx, threads: 1, images: batch, state: silent })
    expect(scaled[`${first}.weight`]).toBe(silent[`${first}.weight`])
  })
})
