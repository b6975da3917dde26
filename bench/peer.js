/**
 * What the scripts of the JavaScript peers have in common. They answer like `pytorch.py`: one line of JSON for one
 * measurement, or what they can do for `--describe`. Networks are read from this project, as plain data.
 */
import { parseArgs } from 'node:util'
import { createModel, modelCatalogue } from '../dist/index.js'

/**
 * The largest batches that are taken. These libraries are so slow on a processor that a step of 128 pictures takes
 * minutes; the answer says which batch was taken.
 */
const largestBatch = { train: 4, infer: 16 }

/**
 * Answers the command line.
 *
 * @param {{ version: string, prepare(task: string, model: import('../dist/index.js').Model, batchSize: number): Promise<() => Promise<void>> }} peer
 *   `prepare` makes a function that does one step and waits for its end.
 */
export async function answer({ version, prepare }) {
  const { values } = parseArgs({
    options: {
      describe: { type: 'boolean', default: false },
      task: { type: 'string', default: 'train' },
      model: { type: 'string', default: '80sec' },
      'batch-size': { type: 'string', default: '128' },
      layout: { type: 'string', default: 'default' },
      precision: { type: 'string', default: 'float32' },
      threads: { type: 'string' },
      seconds: { type: 'string', default: '5' },
    },
  })
  if (values.describe) {
    // Neither library has both grouped convolutions and their gradients on a processor.
    const models = modelCatalogue.map(({ name }) => name).filter((name) => !isGrouped(createModel(name)))
    print({ version, models, layouts: ['default'], precisions: ['float32'] })
    return
  }
  const model = createModel(values.model)
  const batchSize = Math.min(Number(values['batch-size']), largestBatch[values.task])
  const step = await prepare(values.task, model, batchSize)
  await step() // Warms up, and compiles.
  const speeds = []
  const end = performance.now() + 1000 * Number(values.seconds)
  while (speeds.length < 1 || performance.now() < end) {
    const start = performance.now()
    await step()
    speeds.push((1000 * batchSize) / (performance.now() - start))
  }
  speeds.sort((a, b) => a - b)
  print({
    batchSize,
    imagesPerSecond: speeds[Math.floor(speeds.length / 2)],
    min: speeds[0],
    max: speeds[speeds.length - 1],
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  })
}

function isGrouped({ features }) {
  return features.some(({ groups = 1 }) => groups > 1)
}

function print(object) {
  process.stdout.write(`${JSON.stringify(object)}\n`)
}
