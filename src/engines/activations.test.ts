import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../tests/support/closeness.js'
import { testedEngines } from '../../tests/support/engines.js'
import { inputsOf } from '../../tests/support/program-inputs.js'
import { createModel } from '../models/catalogue.js'
import { initialState } from '../models/initial-state.js'
import { layersOf } from '../models/model.js'
import { activationsProgram } from '../programs/activations-program.js'
import { referenceEngine } from './reference/reference-engine.js'

const models = [
  createModel('alexnet-cifar', { inputShape: [3, 16, 16], classes: 7 }, { width: 1 / 16, initial: 'he', lrn: true }),
  createModel('80sec', { inputShape: [3, 16, 16], classes: 7 }, { width: 1 / 4 }),
]

describe.each(models)('the layers of $name', (model) => {
  const names = layersOf(model).map(({ name }) => name)
  const program = activationsProgram(model, 3, names)
  const inputs = inputsOf(program, 0, { classes: 7 })

  it.each(testedEngines.map((engine) => [engine.name, engine] as const))(
    'give under %s what they give under the reference',
    async (_, engine) => {
      const [own, expected] = await Promise.all(
        [engine, referenceEngine()].map(async (one) => {
          const executable = await one.compile(program)
          await executable.writeState(initialState(model, 1))
          const outputs = await executable.run(inputs)
          const copies = names.map((name) => ({ ...outputs[name], data: outputs[name].data.slice() }))
          await executable.dispose()
          return copies
        }),
      )
      for (const [i, name] of names.entries()) {
        expect(own[i].shape, name).toEqual(expected[i].shape)
        expect(relativeDifference(own[i], expected[i]), name).toBeLessThan(1e-4)
      }
    },
  )
})
