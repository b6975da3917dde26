import { describe, expect, it } from 'vitest'
import { interpret } from '../engines/reference/interpret.js'
import { createModel } from '../models/catalogue.js'
import { initialState } from '../models/initial-state.js'
import { parametersOf } from '../models/model.js'
import { type OptimizerSettings, resolveOptimizer } from '../optimizers/index.js'
import { updateProgram } from '../programs/update-program.js'
import { random } from '../random.js'
import { float32, int32, scalar, sizeOf } from '../tensor.js'
import { parameterStatistics } from './parameter-statistics.js'

const model = createModel('80sec', { inputShape: [3, 8, 8] }, { width: 1 / 8 })
const parameters = parametersOf(model)
const RATES = [0.02, 0.005]

/** Two steps with random gradients: the state after each. */
function steps(settings: OptimizerSettings) {
  const optimizer = resolveOptimizer(settings)
  const program = updateProgram('test', parameters, optimizer)
  let state = { ...initialState(model, 1) }
  for (const [name, { current }] of Object.entries(program.state))
    state[name] ??= float32(current.shape, new Float32Array(sizeOf(current.shape)))
  const states = [state]
  for (const [step, rate] of RATES.entries()) {
    const gradients = parameters.map(({ name, shape }) => {
      const stream = random(1, 'test', name, step)
      return [
        `gradient:${name}`,
        float32(
          shape,
          Array.from({ length: sizeOf(shape) }, () => stream.normal()),
        ),
      ] as const
    })
    const inputs = { ...Object.fromEntries(gradients), rate: scalar(rate), step: int32([], [step]) }
    const data = Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, tensor.data]))
    const { next } = interpret(program, inputs, data)
    state = { ...state }
    for (const [name, values] of Object.entries(next))
      state[name] = float32(state[name].shape, Float32Array.from(values))
    states.push(state)
  }
  return { optimizer, states }
}

describe('parameterStatistics', () => {
  it.each<OptimizerSettings>([{ rule: 'pytorch' }, { rule: 'paper' }, { kind: 'adamw', weightDecay: 0.1 }])(
    'tells how large the last step was, from what is kept: %j',
    (settings) => {
      const { optimizer, states } = steps(settings)
      const [before, after] = states.slice(-2)
      const statistics = parameterStatistics(model, after, optimizer, { rate: RATES[1], step: 1 })
      expect(statistics.map(({ name }) => name)).toEqual(parameters.map(({ name }) => name))
      for (const { name, weight, change, ratio } of statistics) {
        const moved = after[name].data.map((value, i) => Math.abs(value - before[name].data[i]))
        const mean = moved.reduce((a, b) => a + b) / moved.length
        expect(Math.abs(change! / mean - 1), name).toBeLessThan(1e-3)
        expect(ratio).toBe(weight > 0 ? change! / weight : null)
      }
    },
  )

  it('leaves open what does not follow: the step of Nesterov, a parameter that is frozen', () => {
    const { optimizer, states } = steps({ rule: 'nesterov' })
    for (const { change, ratio } of parameterStatistics(model, states[2], optimizer, { rate: 0.1, step: 1 }))
      expect([change, ratio]).toEqual([null, null])
    const frozen = parameterStatistics(model, initialState(model, 1), resolveOptimizer({}), { rate: 0.1, step: 1 })
    expect(frozen.every(({ change, weight }) => change === null && weight >= 0)).toBe(true)
  })
})
