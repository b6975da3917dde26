import { type Model, parametersOf } from '../models/model.js'
import { type Sgd, velocityName } from '../programs/sgd.js'
import type { ParameterStatistics } from '../runs/live.js'
import type { TensorData, Tensors } from '../tensor.js'

/**
 * The size of each parameter and of its last step, whose ratio tells whether a rate suits a layer: about 1e-3 is healthy
 * (cuda-convnet's documentation, "how to train").
 *
 * The last step follows from the velocity: it is v by the paper's rule, and ε·v by PyTorch's.
 *
 * @param state Parameters and velocities.
 * @param rate ε of the last step.
 */
export function parameterStatistics(
  model: Model,
  state: Tensors,
  { rule }: Pick<Sgd, 'rule'>,
  rate: number,
): ParameterStatistics[] {
  return parametersOf(model).map((parameter) => {
    const { name } = parameter
    const velocity = state[velocityName(name)]
    const weight = meanSize(state[name].data)
    if (!velocity) return { name, weight, change: null, ratio: null }
    const change = meanSize(velocity.data) * (rule === 'paper' ? 1 : rate * parameter.rate)
    return { name, weight, change, ratio: weight > 0 ? change / weight : null }
  })
}

function meanSize(values: TensorData): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i])
  return sum / values.length
}
