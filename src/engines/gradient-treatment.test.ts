import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../tests/support/closeness.js'
import { testedEngines } from '../../tests/support/engines.js'
import { inputsOf } from '../../tests/support/program-inputs.js'
import { createModel } from '../models/catalogue.js'
import { initialState } from '../models/initial-state.js'
import { trainingProgram } from '../programs/training-program.js'
import { referenceEngine } from './reference/reference-engine.js'

const model = createModel('alexnet-cifar', { inputShape: [3, 16, 16], classes: 5 }, { width: 1 / 16, norm: 'batch' })
/** Without decay and momentum a step is −ε·g. */
const program = trainingProgram(model, { batchSize: 4, optimizer: { momentum: 0, weightDecay: 0 } })
const doubling = new URL('../../tests/support/double-gradients.js', import.meta.url).href

describe.each([referenceEngine(), ...testedEngines])('engine $name', (engine) => {
  const stateAfter = async (rate: number, gradientTreatment?: string) => {
    const executable = await engine.compile(program, { gradientTreatment, threads: 1 })
    await executable.writeState(initialState(model, 1))
    for (const step of [0, 1]) await executable.run(inputsOf(program, step, { classes: 5, rate }))
    const state = await executable.readState()
    await executable.dispose()
    return state
  }

  it('does to all gradients what it is asked to, before the update sees them', async () => {
    const [treated, expected, plain] = [
      await stateAfter(0.01, doubling),
      await stateAfter(0.02),
      await stateAfter(0.01),
    ]
    for (const [name, tensor] of Object.entries(expected)) {
      if (name.startsWith('velocity:')) continue // It holds the gradient, which was doubled.
      expect(relativeDifference(treated[name], tensor), name).toBeLessThan(1e-6)
    }
    expect(relativeDifference(treated['features.0.weight'], plain['features.0.weight'])).toBeGreaterThan(1e-5)
  })

  it('says which module it cannot load, and what that should export', async () => {
    const missing = new URL('./no-such-module.js', import.meta.url).href
    await expect(engine.compile(program, { gradientTreatment: missing })).rejects.toMatchObject({
      code: 'invalid-setting',
      message: expect.stringContaining('no-such-module.js cannot be loaded'),
    })
    const other = 'data:text/javascript,export%20const%20other%20=%201'
    await expect(engine.compile(program, { gradientTreatment: other })).rejects.toMatchObject({
      code: 'invalid-setting',
      message: `${other} exports no function treatGradients`,
    })
  })
})
