import type { Program } from '../graph/program.js'
import { createModel } from '../models/catalogue.js'
import type { Model } from '../models/model.js'
import { inferenceProgram } from '../programs/inference-program.js'
import { trainingProgram } from '../programs/training-program.js'
import { random } from '../random.js'
import { float32, int32, scalar, sizeOf, type Tensor, type Tensors, uint8 } from '../tensor.js'

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
  const { program, masks } = trainingProgram(net, batchSize, { momentum: 0.9, weightDecay: 5e-4, rule: 'pytorch' })
  const stream = random(1, 'test', 'labels')
  const labels = Int32Array.from({ length: batchSize }, () => stream.integer(net.classes))
  const drawn = masks.map(({ input, shape, rate }) => {
    const mask = uint8(shape, new Uint8Array(sizeOf(shape)))
    random(1, 'dropout', input).fillMask(mask.data, 1 - rate)
    return [input, mask] as const
  })
  return {
    program,
    inputs: { images, labels: int32([batchSize], labels), rate: scalar(0.001), ...Object.fromEntries(drawn) },
  }
}

function pictures({ inputShape }: Model, batchSize: number): Tensor {
  const stream = random(1, 'test', 'pictures')
  const shape = [batchSize, ...inputShape]
  return float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => stream.between(-1, 1)),
  )
}
