import type { Program } from '../graph/program.js'
import { createModel } from '../models/catalogue.js'
import type { Model } from '../models/model.js'
import { inferenceProgram } from '../programs/inference-program.js'
import { stepInputs, trainingProgram } from '../programs/training-program.js'
import { random } from '../random.js'
import { float32, int32, sizeOf, type Tensor, type Tensors } from '../tensor.js'

export const tasks = ['train', 'infer'] as const
export type Task = (typeof tasks)[number]

/** What is measured: steps of training, or of inference, with a network on batches of this size. */
export interface Workload {
  readonly task: Task
  /** A network of the catalogue, on the pictures that it was made for. */
  readonly model: string
  readonly batchSize: number
}

/** The program of a workload, with one batch of random pictures that every step is given again. */
export function programOf({ task, model, batchSize }: Workload): { program: Program; inputs: Tensors } {
  const net = createModel(model)
  const images = pictures(net, batchSize)
  if (task === 'infer') return { program: inferenceProgram(net, batchSize), inputs: { images } }
  const program = trainingProgram(net, { batchSize })
  const stream = random(1, 'test', 'labels')
  const labels = int32(
    [batchSize],
    Int32Array.from({ length: batchSize }, () => stream.integer(net.classes)),
  )
  return { program, inputs: stepInputs(program, { images, labels, rate: 0.001, step: 0 }) }
}

function pictures({ inputShape }: Model, batchSize: number): Tensor {
  const stream = random(1, 'test', 'pictures')
  const shape = [batchSize, ...inputShape]
  return float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => stream.between(-1, 1)),
  )
}
