import {
  batchLoader,
  createModel,
  imagesOf,
  inferenceProgram,
  initialState,
  interpret,
  layersOf,
  measureNormalisation,
  shapes,
} from 'alexnet'

export const schemes = ['ones', 'paper', 'he', 'fan-in'] as const
export type Scheme = (typeof schemes)[number]

export interface Signal {
  /** conv1 … conv5, fc6 … fc8: the layers with weights. */
  readonly layers: readonly string[]
  /** How much a neuron's answer differs from picture to picture (root mean square over neurons). */
  readonly difference: readonly number[]
  /** The mean of the answers. */
  readonly mean: readonly number[]
}

/** Pictures that are sent through. */
const PICTURES = 4
/** A quarter of the width: the loops are plain. */
const WIDTH = 0.25

/**
 * What reaches each layer of an untrained AlexNet for 32×32: by the operators' own loops, before the neurons.
 */
export async function measureSignal(initial: Scheme, seed: number): Promise<Signal> {
  const { train } = shapes({ seed, train: 200, test: 0 })
  const normalisation = await measureNormalisation(imagesOf(train), 'channel', 32)
  const preprocessing = { size: 32, normalisation, augmentation: [] }
  const loader = batchLoader({ dataset: train, preprocessing, batchSize: PICTURES, seed })
  const { value: batch } = await loader.inOrder()[Symbol.asyncIterator]().next()
  const { images } = batch!
  const model = createModel('alexnet-cifar', {}, { width: WIDTH, initial })
  const program = inferenceProgram(model, PICTURES)
  const state = Object.fromEntries(Object.entries(initialState(model, seed)).map(([name, { data }]) => [name, data]))
  const { values } = interpret(program, { images }, state)

  const weighted = layersOf(model).filter(({ parameters }) => parameters.length > 0)
  const answers = weighted.map(({ name }) => {
    const node = program.nodes.findLast(({ scope, inputs }) => scope === name && inputs.length > 0)!
    return spread(values.get(node)!)
  })
  return {
    layers: weighted.map(({ layer }, i) => `${layer.kind === 'conv2d' ? 'conv' : 'fc'}${i + 1}`),
    difference: answers.map(({ difference }) => difference),
    mean: answers.map(({ mean }) => mean),
  }
}

/** Answers (N, …) → their mean, and how much each differs between the N pictures. */
function spread(values: ArrayLike<number>): { mean: number; difference: number } {
  const neurons = values.length / PICTURES
  let total = 0
  let squares = 0
  for (let i = 0; i < neurons; i++) {
    let sum = 0
    for (let n = 0; n < PICTURES; n++) sum += values[n * neurons + i]
    const mean = sum / PICTURES
    total += mean
    for (let n = 0; n < PICTURES; n++) squares += (values[n * neurons + i] - mean) ** 2
  }
  return { mean: total / neurons, difference: Math.sqrt(squares / values.length) }
}
