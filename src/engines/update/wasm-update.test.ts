import { describe, expect, it } from 'vitest'
import { updateThreads } from '../../../dist/engines/update/node/update-threads.js'
import { relativeDifference } from '../../../tests/support/closeness.js'
import { onnx } from '../../../tests/support/engines.js'
import { inputsOf } from '../../../tests/support/program-inputs.js'
import { initialState } from '../../models/initial-state.js'
import type { Model } from '../../models/model.js'
import { withRateMultipliers } from '../../models/rate-multipliers.js'
import { trainingProgram } from '../../programs/training-program.js'
import { scalar } from '../../tensor.js'
import { referenceEngine } from '../reference/reference-engine.js'
import { oneThread, type PassRunner } from './pass-runner.js'
import { type MakeRunner, WasmUpdate } from './wasm-update.js'

const CLASSES = 4

/** Weights of some thousand values, two of one size, and biases of a few values that fill no turn of a pass between them. */
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

/** Weights of 69,120 values, which are worth it to be shared among threads. */
const large: Model = {
  name: 'large',
  inputShape: [1, 12, 9],
  classes: CLASSES,
  features: [{ kind: 'flatten' }],
  classifier: [{ kind: 'linear', outputs: 640 }, { kind: 'relu' }, { kind: 'linear', outputs: CLASSES }],
}

it.each(rules)("the update of the rule '%s' is the same on three threads as on one, bit by bit", async (rule) => {
  const program = programOf(large, rule)
  const newUpdate = (makeRunner: MakeRunner) => {
    const update = new WasmUpdate(program, { shared: true, makeRunner })
    for (const [name, { data }] of Object.entries(initialState(large, 2))) update.state.get(name)!.set(data)
    return update
  }
  let runner: PassRunner | undefined
  const threads = newUpdate((...made) => (runner = updateThreads(3)(...made)))
  const alone = newUpdate(oneThread)
  // The first steps are done by one thread, until the others are ready.
  for (let step = 0; runner!.sharedPasses < 3; step++) {
    if (step === 2000) throw new Error('the threads have not come')
    for (const update of [threads, alone]) {
      for (const gradient of Object.values(update.gradients))
        for (let i = 0; i < gradient.length; i++) gradient[i] = ((i + step) % 7) - 3
      update.apply({ rate: scalar(0.01) })
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  for (const [name, values] of alone.state) expect(threads.state.get(name), name).toEqual(values)
  threads.dispose()
})
