import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../tests/support/closeness.js'
import { inputsOf } from '../../tests/support/program-inputs.js'
import { type Interpreted, interpret } from '../engines/reference/interpret.js'
import { allInputs, allState, type Program } from '../graph/program.js'
import { createModel } from '../models/catalogue.js'
import { initialState } from '../models/initial-state.js'
import { parametersOf } from '../models/model.js'
import { float32, int32, type Tensors } from '../tensor.js'
import { stepInputs, trainingProgram } from './training-program.js'

const CLASSES = 5
const model = createModel('alexnet-cifar', { inputShape: [3, 16, 16], classes: CLASSES }, { width: 1 / 16 })
const state = Object.fromEntries(Object.entries(initialState(model, 1)).map(([name, { data }]) => [name, data]))

/** One step from the first state, where what an optimizer keeps is still zero. */
function step(program: Program, inputs: Tensors): Interpreted {
  const zeros = Object.entries(allState(program)).map(
    ([name, { current }]) => [name, new Float32Array(current.shape.reduce((a, b) => a * b, 1))] as const,
  )
  return interpret(program, inputs, { ...Object.fromEntries(zeros), ...state })
}

describe('trainingProgram', () => {
  it('ends in the gradient of each parameter, under its name', () => {
    const program = trainingProgram(model, { batchSize: 2 })
    expect(Object.keys(program.gradients!)).toEqual(parametersOf(model).map(({ name }) => name))
    for (const { name, shape } of parametersOf(model)) expect(program.gradients![name].shape).toEqual(shape)
    expect(program.nodes.some(({ scope }) => scope === 'update')).toBe(false)
  })

  it('asks for the number of the step only where something depends on it', () => {
    const inputs = (dropout: number, kind: 'sgd' | 'adamw') =>
      Object.keys(
        allInputs(
          trainingProgram(createModel('alexnet-cifar', {}, { dropout }), { batchSize: 1, optimizer: { kind } }),
        ),
      ).sort()
    expect(inputs(0, 'sgd')).toEqual(['images', 'labels', 'rate'])
    expect(inputs(0.5, 'sgd')).toEqual(['images', 'labels', 'rate', 'step'])
    expect(inputs(0, 'adamw')).toEqual(['images', 'labels', 'rate', 'step'])
    const program = trainingProgram(createModel('80sec'), { batchSize: 1 })
    const images = float32([1, 3, 32, 32], new Float32Array(3072))
    const given = stepInputs(program, { images, labels: int32([1], [0]), rate: 0.1, step: 7 })
    expect(Object.keys(given).sort()).toEqual(['images', 'labels', 'rate'])
  })

  it('draws other masks at another step, of another seed, and the same again', () => {
    const masksOf = (seed: number, number: number) => {
      const program = trainingProgram(model, { batchSize: 2, seed })
      const { values } = step(program, inputsOf(program, number, { classes: CLASSES }))
      return [...values].flatMap(([node, mask]) => (node.op === 'dropoutMask' ? [Array.from(mask)] : []))
    }
    const first = masksOf(1, 0)
    expect(first).toHaveLength(2)
    expect(masksOf(1, 0)).toEqual(first)
    expect(masksOf(1, 1)).not.toEqual(first)
    expect(masksOf(2, 0)).not.toEqual(first)
  })

  it('computes a share of a batch as the whole does: the mean of the shares is the gradient of the whole', () => {
    const whole = trainingProgram(model, { batchSize: 6, seed: 3 })
    const inputs = inputsOf(whole, 4, { classes: CLASSES })
    const expected = step(whole, inputs)
    const share = (firstPicture: number, count: number) => {
      const program = trainingProgram(model, { batchSize: count, seed: 3, firstPicture })
      const size = 3 * 16 * 16
      const images = inputs.images.data.slice(firstPicture * size, (firstPicture + count) * size) as Float32Array
      const labels = inputs.labels.data.slice(firstPicture, firstPicture + count) as Int32Array
      const own = { ...inputs, images: float32([count, 3, 16, 16], images), labels: int32([count], labels) }
      return { weight: count / 6, ...step(program, own) }
    }
    const shares = [share(0, 1), share(1, 3), share(4, 2)]
    for (const [name, gradient] of Object.entries(expected.gradients)) {
      const sum = Float64Array.from(gradient, (_, i) =>
        shares.reduce((total, { weight, gradients }) => total + weight * gradients[name][i], 0),
      )
      expect(relativeDifference({ data: sum }, { data: Float64Array.from(gradient) }), name).toBeLessThan(1e-9)
    }
  })

  it('names the setting of an optimizer that is wrong', () => {
    expect(() => trainingProgram(model, { batchSize: 1, optimizer: { kind: 'adamw', beta1: 1 } })).toThrow(
      expect.objectContaining({
        code: 'invalid-setting',
        message: expect.stringMatching(/^optimizer: beta1: expected a number of at least 0 and below 1, got 1/),
      }),
    )
  })
})
