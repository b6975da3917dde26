import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../../tests/support/closeness.js'
import { onnx } from '../../../tests/support/engines.js'
import { inputsOf } from '../../../tests/support/program-inputs.js'
import { initialState } from '../../models/initial-state.js'
import type { Model } from '../../models/model.js'
import { withRateMultipliers } from '../../models/rate-multipliers.js'
import { trainingProgram } from '../../programs/training-program.js'
import { scalar } from '../../tensor.js'
import { referenceEngine } from '../reference/reference-engine.js'

const CLASSES = 4

/**
 * The update goes through memory in chunks, neighbours of one size together: weights of more than a chunk (19,440 and
 * 16,900 values), two of one size, and biases of a few values between them.
 */
const model: Model = {
  name: 'wide',
  inputShape: [1, 12, 9],
  classes: CLASSES,
  features: [{ kind: 'flatten' }],
  classifier: [
    { kind: 'linear', outputs: 180 }, // 180 × 108
    { kind: 'relu' },
    { kind: 'linear', outputs: 130 },
    { kind: 'linear', outputs: 130 }, // 130 × 130
    { kind: 'relu' },
    { kind: 'linear', outputs: 130 }, // 130 × 130
    { kind: 'linear', outputs: CLASSES },
  ],
}
const rules = ['paper', 'pytorch'] as const
const programOf = (of: Model, rule: (typeof rules)[number], momentum = 0.9) =>
  trainingProgram(of, { batchSize: 3, optimizer: { momentum, weightDecay: 0.01, rule } })
const state = initialState(model, 2)

/** The states of the engine and of the reference after some steps. */
async function trained(program: ReturnType<typeof programOf>, steps: number) {
  const [own, reference] = await Promise.all([onnx, referenceEngine()].map((engine) => engine.compile(program)))
  for (const executable of [own, reference]) await executable.writeState(state)
  for (let step = 0; step < steps; step++)
    for (const executable of [own, reference])
      await executable.run(inputsOf(program, step, { classes: CLASSES, rate: 0.05 }))
  const [actual, expected] = [await own.readState(), await reference.readState()]
  await own.dispose()
  return { actual, expected }
}

describe.each(rules)("the update of the rule '%s'", (rule) => {
  it.each([0.9, 0])('is that of the reference in every value, with momentum %d', async (momentum) => {
    const { actual, expected } = await trained(programOf(model, rule, momentum), 3)
    expect(Object.keys(actual)).toEqual(Object.keys(expected))
    for (const [name, tensor] of Object.entries(expected)) {
      expect(relativeDifference(actual[name], tensor), name).toBeLessThan(1e-5)
      expect(actual[name].data, name).not.toEqual(state[name]?.data)
    }
  })

  it('leaves frozen parameters alone, between others that learn', async () => {
    const partly = withRateMultipliers(model, { 'classifier.2': 0, 'classifier.5': 3 })
    const { actual, expected } = await trained(programOf(partly, rule), 2)
    for (const [name, tensor] of Object.entries(expected))
      expect(relativeDifference(actual[name], tensor), name).toBeLessThan(1e-5)
    expect(actual['classifier.2.weight'].data).toEqual(state['classifier.2.weight'].data)
    expect(actual['classifier.3.weight'].data).not.toEqual(state['classifier.3.weight'].data)
  })

  it('changes no parameter at a rate of 0, bit by bit', async () => {
    const program = programOf(model, rule)
    const executable = await onnx.compile(program)
    await executable.writeState(state)
    await executable.run({ ...inputsOf(program, 0, { classes: CLASSES }), rate: scalar(0) })
    const after = await executable.readState(Object.keys(state))
    for (const [name, { data }] of Object.entries(state)) expect(after[name].data, name).toEqual(data)
    await executable.dispose()
  })

  it('overwrites nothing that was given out or taken in', async () => {
    const program = programOf(model, rule)
    const executable = await onnx.compile(program)
    const given = Object.fromEntries(
      Object.entries(state).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]),
    )
    await executable.writeState(given)
    const before = await executable.readState()
    const copies = Object.fromEntries(Object.entries(before).map(([name, { data }]) => [name, data.slice()]))
    await executable.run(inputsOf(program, 0, { classes: CLASSES, rate: 0.05 }))
    for (const [name, { data }] of Object.entries(before)) expect(data, name).toEqual(copies[name])
    for (const [name, { data }] of Object.entries(given)) expect(data, name).toEqual(state[name].data)
    await executable.dispose()
  })
})
