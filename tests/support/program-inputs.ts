import { allInputs, type Program } from '../../src/graph/program.js'
import { type RandomStream, random } from '../../src/random.js'
import { float32, int32, type Shape, scalar, sizeOf, type Tensor, type Tensors, uint8 } from '../../src/tensor.js'

export interface InputSettings {
  /** Labels are below it. */
  readonly classes: number
  /** The learning rate of step 0; that of step n is this by n + 1. Default: 0.01. */
  readonly rate?: number
  /** The deviation of the pictures' values. Default: 1. */
  readonly contrast?: number
}

/** Random inputs of a training or inference program; each step has its own. */
export function inputsOf(program: Program, step: number, settings: InputSettings): Tensors {
  return Object.fromEntries(
    Object.entries(allInputs(program)).map(([name, { shape, dtype }]) => [
      name,
      inputOf(name, shape, dtype, step, settings),
    ]),
  )
}

function inputOf(
  name: string,
  shape: Shape,
  dtype: Tensor['dtype'],
  step: number,
  { classes, rate = 0.01, contrast = 1 }: InputSettings,
): Tensor {
  if (name === 'rate') return scalar(rate / (step + 1))
  if (name === 'step') return int32([], [step])
  const stream = random(3, 'test', name, step)
  const fill = (next: (stream: RandomStream) => number) => Array.from({ length: sizeOf(shape) }, () => next(stream))
  if (dtype === 'int32')
    return int32(
      shape,
      fill((each) => each.integer(classes)),
    )
  if (dtype === 'uint8')
    return uint8(
      shape,
      fill((each) => each.integer(2)),
    )
  return float32(
    shape,
    fill((each) => contrast * each.normal()),
  )
}
