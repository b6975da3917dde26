/**
 * Measures one task of this library and prints one JSON line, in the form of `bench/pytorch.py`:
 *
 *     npx tsx bench/measure.ts --task train --model alexnet --batch-size 128 --threads 2 --seconds 10
 */
import { parseArgs } from 'node:util'
import {
  createModel,
  float32,
  inferenceProgram,
  initialState,
  int32,
  type Model,
  random,
  scalar,
  sizeOf,
  type Tensor,
  trainingProgram,
  uint8,
} from 'alexnet'
import { selectEngine } from 'alexnet/node'

const { values } = parseArgs({
  options: {
    task: { type: 'string', default: 'train' },
    model: { type: 'string', default: 'alexnet' },
    'batch-size': { type: 'string', default: '128' },
    engine: { type: 'string', default: 'auto' },
    threads: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '10' },
  },
})
const batchSize = Number(values['batch-size'])
const model = createModel(values.model)
const { engine } = await selectEngine(values.engine)
const { program, inputs } = values.task === 'train' ? training(model) : inference(model)
const executable = await engine.compile(program, { threads: Number(values.threads) })
await executable.writeState(initialState(model, 1))

// Two steps to warm up, then at least three that count.
const rates: number[] = []
const started = performance.now()
for (let step = -2; step < 3 || performance.now() - started < 1000 * Number(values.seconds); step++) {
  const start = performance.now()
  await executable.run(inputs)
  if (step >= 0) rates.push((1000 * batchSize) / (performance.now() - start))
}
rates.sort((a, b) => a - b)
console.log(
  JSON.stringify({
    task: values.task,
    model: values.model,
    batchSize,
    runner: engine.name,
    precision: 'float32',
    layout: 'default',
    threads: Number(values.threads),
    imagesPerSecond: rates[Math.floor(rates.length / 2)],
    min: rates[0],
    max: rates[rates.length - 1],
    steps: rates.length,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }),
)
await executable.dispose()

function pictures({ inputShape }: Model): Tensor {
  const stream = random(1, 'test', 'pictures')
  const shape = [batchSize, ...inputShape]
  return float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => stream.between(-1, 1)),
  )
}

function training(net: Model) {
  const built = trainingProgram(net, batchSize, { momentum: 0.9, weightDecay: 5e-4, rule: 'pytorch' })
  const stream = random(1, 'test', 'labels')
  const masks = built.masks.map(({ input, shape, rate }) => {
    const mask = new Uint8Array(sizeOf(shape))
    random(1, 'dropout', input).fillMask(mask, 1 - rate)
    return [input, uint8(shape, mask)] as const
  })
  const labels = Int32Array.from({ length: batchSize }, () => stream.integer(net.classes))
  return {
    program: built.program,
    inputs: {
      images: pictures(net),
      labels: int32([batchSize], labels),
      rate: scalar(0.001),
      ...Object.fromEntries(masks),
    },
  }
}

function inference(net: Model) {
  return { program: inferenceProgram(net, batchSize), inputs: { images: pictures(net) } }
}
