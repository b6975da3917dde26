import { random } from '../random.js'
import { float32, sizeOf, type Tensor } from '../tensor.js'
import { draw } from './initial.js'
import type { Parameter } from './layers/layer.js'
import { type Model, parametersOf } from './model.js'

/**
 * Draws a model's first parameters. Each parameter has random numbers of its own (keyed by its name), so changing one
 * layer leaves the others' start as it was.
 */
export function initialState(model: Model, seed: number): Record<string, Tensor<'float32'>> {
  return Object.fromEntries(
    parametersOf(model).map((parameter) => [parameter.name, initialTensor(parameter, seed)] as const),
  )
}

/** Draws one parameter's first values. */
export function initialTensor({ name, shape, fanIn, initial }: Parameter, seed: number): Tensor<'float32'> {
  return float32(shape, draw(initial, sizeOf(shape), fanIn, random(seed, 'initial-weights', name)))
}
