import { random } from '../random.js'
import { float32, sizeOf, type Tensor } from '../tensor.js'
import { draw } from './initial.js'
import { type Model, parametersOf } from './model.js'

/**
 * Draws a model's first parameters. Each parameter has random numbers of its own (keyed by its name), so changing one
 * layer leaves the others' start as it was.
 */
export function initialState(model: Model, seed: number): Record<string, Tensor<'float32'>> {
  return Object.fromEntries(
    parametersOf(model).map(({ name, shape, fanIn, initial }) => [
      name,
      float32(shape, draw(initial, sizeOf(shape), fanIn, random(seed, 'initial-weights', name))),
    ]),
  )
}
