import { expect, it } from 'vitest'
import { relativeDifference } from '../../../tests/support/closeness.js'
import { newOneDnn, oneDnnLibrary } from '../../../tests/support/engines.js'
import { inputsOf } from '../../../tests/support/program-inputs.js'
import { defineModel } from '../../models/define-model.js'
import { initialState } from '../../models/initial-state.js'
import { trainingProgram } from '../../programs/training-program.js'
import type { KernelChoices } from '../engine.js'

/** oneDNN 2.x has Winograd's algorithm with AVX-512. */
const hasWinograd = oneDnnLibrary?.version.startsWith('2.') && oneDnnLibrary.instructionSet.startsWith('avx512')

const WINOGRAD = 'winograd, jit_wino_4x3:avx512_core'

const model = defineModel({
  name: 'wide',
  inputShape: [32, 13, 13],
  features: [
    { kind: 'conv2d', filters: 64, kernel: 3, padding: 1 },
    { kind: 'relu' },
    { kind: 'conv2d', filters: 32, kernel: 3, padding: 1 },
    { kind: 'relu' },
  ],
  classifier: [{ kind: 'linear', outputs: 4 }],
})
const program = trainingProgram(model, { batchSize: 8, optimizer: { momentum: 0.9 } })

/** A step by the kernels that are given, as a run that goes on gives those that it has recorded. */
async function stepBy(choices: KernelChoices) {
  const executable = await newOneDnn({ ALEXNET_TUNE: 'off' }).compile(program, { threads: 1, choices })
  await executable.writeState(initialState(model, 1))
  await executable.run(inputsOf(program, 0, { classes: 4, rate: 0.1 }))
  const [state, taken] = [await executable.readState(), executable.choices ?? {}]
  await executable.dispose()
  return { state, taken }
}

it.skipIf(!hasWinograd)(
  "a step by Winograd's algorithm, forward and both gradients, differs by rounding alone",
  async () => {
    const direct = await stepBy({})
    const keys = Object.keys(direct.taken).filter((key) => key.startsWith('conv2d'))
    const { state, taken } = await stepBy(Object.fromEntries(keys.map((key) => [key, WINOGRAD])))
    const operators = keys.filter((key) => taken[key] === WINOGRAD).map((key) => key.split(' ')[0])
    expect(new Set(operators)).toEqual(new Set(['conv2d', 'conv2dInputGradient', 'conv2dWeightGradient']))
    expect(state).not.toEqual(direct.state)
    for (const [name, tensor] of Object.entries(direct.state))
      expect(relativeDifference(state[name], tensor), name).toBeLessThan(1e-5)
  },
)
