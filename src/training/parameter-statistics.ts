import { type Model, parametersOf } from '../models/model.js'
import { type Optimizer, optimizerOf, slotName } from '../optimizers/index.js'
import type { ParameterStatistics } from '../runs/live.js'
import type { Tensors } from '../tensor.js'

/**
 * The size of each parameter and of its last step, whose ratio tells whether a rate suits a layer: about 1e-3 is healthy
 * (cuda-convnet's documentation, "how to train").
 *
 * @param state Parameters, and what the optimizer keeps of them, after the step.
 * @param last The rate ε of the last step, and its number, from 0.
 */
export function parameterStatistics(
  model: Model,
  state: Tensors,
  optimizer: Optimizer,
  last: { readonly rate: number; readonly step: number },
): ParameterStatistics[] {
  const { slots, lastChange } = optimizerOf(optimizer)
  return parametersOf(model).map(({ name, rate, decay }) => {
    const { data } = state[name]
    const weight = meanSize(data.length, (i) => data[i])
    const kept = slots.flatMap((slot) => {
      const tensor = state[slotName(slot, name)]
      return tensor ? [[slot, tensor.data] as const] : []
    })
    const changeAt =
      kept.length === slots.length
        ? lastChange?.(optimizer, {
            weight: data,
            state: Object.fromEntries(kept),
            rate: last.rate * rate,
            decay,
            step: last.step,
          })
        : undefined
    if (!changeAt) return { name, weight, change: null, ratio: null }
    const change = meanSize(data.length, changeAt)
    return { name, weight, change, ratio: weight > 0 ? change / weight : null }
  })
}

/** The mean size of `count` numbers. */
function meanSize(count: number, at: (i: number) => number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += Math.abs(at(i))
  return sum / count
}
