/**
 * A training loop of one's own, step by step: a small network written as plain data learns the ten shapes.
 *
 *     npx tsx examples/train-shapes.ts            # 600 steps
 *     npx tsx examples/train-shapes.ts 100        # another number of steps
 *
 * `train` of 'alexnet' is this loop with epochs, schedules and exact resume; `runTraining` of 'alexnet/node' adds the
 * folder of a run.
 */
import {
  batchLoader,
  classifier,
  defineModel,
  imagesOf,
  initialState,
  measureNormalisation,
  type Preprocessing,
  shapes,
  stepInputs,
  stepResults,
  trainingProgram,
} from 'alexnet'
import { selectEngine } from 'alexnet/node'

const steps = Number(process.argv[2] ?? 600)
const batchSize = 32
const seed = 1

// He's start suits ReLU: the network begins to learn in its first epoch.
const he = { initial: { kind: 'he' } } as const
const model = defineModel({
  name: 'small',
  inputShape: [3, 32, 32],
  features: [
    { kind: 'conv2d', filters: 16, kernel: 5, padding: 2, weight: he }, // 16×32×32
    { kind: 'relu' },
    { kind: 'max-pool', kernel: 3, stride: 2 }, // 16×15×15
    { kind: 'conv2d', filters: 32, kernel: 3, padding: 1, weight: he }, // 32×15×15
    { kind: 'relu' },
    { kind: 'max-pool', kernel: 3, stride: 2 }, // 32×7×7
    { kind: 'conv2d', filters: 64, kernel: 3, padding: 1, weight: he }, // 64×7×7
    { kind: 'relu' },
    { kind: 'max-pool', kernel: 3, stride: 2 }, // 64×3×3
  ],
  classifier: [
    { kind: 'linear', outputs: 128, weight: he },
    { kind: 'relu' },
    { kind: 'dropout', rate: 0.2 },
    { kind: 'linear', outputs: 10 },
  ],
})

// Pictures: drawn by code, normalised by the training part's mean colour and deviation, mirrored at random.
const { train, test } = shapes({ seed })
const preprocessing: Preprocessing = {
  size: 32,
  normalisation: await measureNormalisation(imagesOf(train), 'channel', 32),
  augmentation: [{ kind: 'mirror' }],
}
const loader = batchLoader({ dataset: train, preprocessing, batchSize, seed })

// The whole step (forward with dropout, loss, gradients, update) is one program; the engine keeps all that it learns.
const program = trainingProgram(model, { batchSize, seed })
const { engine } = await selectEngine()
const executable = await engine.compile(program)
await executable.writeState(initialState(model, seed))

let step = 0
for (let epoch = 0; step < steps; epoch++) {
  for await (const { images, labels } of loader.train(epoch)) {
    const rate = 0.01 * (1 - step / steps) // falls to 0 in a straight line
    const outputs = await executable.run(stepInputs(program, { images, labels, rate, step }))
    step++
    if (step % 50 === 0 || step === steps) {
      const { loss, correct1 } = stepResults(outputs)
      const accuracy = (100 * correct1) / batchSize
      console.log(`step ${step}: loss ${loss.toFixed(3)}, accuracy ${accuracy.toFixed(0)} % of the batch`)
    }
    if (step === steps) break
  }
}

// The same parameters in the inference program, on the pictures that training never saw.
const tester = await classifier(engine, model, { batchSize: 100 })
await tester.load(await executable.readState())
const { top1, loss } = await tester.evaluate(batchLoader({ dataset: test, preprocessing, batchSize: 100, seed }))
console.log(`test: accuracy ${(100 * top1).toFixed(2)} %, loss ${loss.toFixed(3)}`)

await tester.dispose()
await executable.dispose()
