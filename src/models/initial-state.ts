import { random } from '../random.js'
import { float32, sizeOf, type Tensor } from '../tensor.js'
import { draw } from './initial.js'
import type { Parameter, Statistic } from './layers/layer.js'
import { layersOf, type Model } from './model.js'

/**
 * What a model starts from: its parameters, drawn, and its statistics. Each parameter has random numbers of its own (keyed by its name), so changing one
 * layer leaves the others' start as it was.
 */
export function initialState(model: Model, seed: number): Record<string, Tensor<'float32'>> {
  return Object.fromEntries(
    layersOf(model).flatMap(({ parameters, statistics }) => [
      ...parameters.map((parameter) => [parameter.name, initialTensor(parameter, seed)] as const),
      ...statistics.map((statistic) => [statistic.name, initialStatistic(statistic)] as const),
    ]),
  )
}

/** A statistic before anything was seen. */
export function initialStatistic({ shape, initial }: Statistic): Tensor<'float32'> {
  return float32(shape, new Float32Array(sizeOf(shape)).fill(initial))
}

/** Draws one parameter's first values. */
export function initialTensor({ name, shape, fanIn, initial }: Parameter, seed: number): Tensor<'float32'> {
  return float32(shape, draw(initial, sizeOf(shape), fanIn, random(seed, 'initial-weights', name)))
}
