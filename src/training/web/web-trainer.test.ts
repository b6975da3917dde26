import { expect, it } from 'vitest'
import { loadOnnxRuntime } from '../../engines/node/load-onnx-runtime.js'
import { onnxEngine } from '../../engines/onnx/onnx-engine.js'
import { decodeCheckpoint } from '../../runs/checkpoint.js'
import { checkRecipe, type Recipe } from '../../runs/recipe.js'
import type { WebStepEvent, WebTrainingEvent, WebTrainingOptions } from './messages.js'
import { webTrainer } from './web-trainer.js'

const onnxRuntime = await loadOnnxRuntime()

const recipe = checkRecipe(
  {
    model: { name: 'alexnet-cifar', width: 1 / 16, initial: 'he' },
    data: { name: 'shapes', augmentation: [{ kind: 'mirror' }] },
    training: { epochs: 3, batchSize: 8 },
    optimizer: { rate: 0.01 },
  },
  'test',
)
const data = { kind: 'shapes', train: 32, test: 20 } as const

/** A trainer whose events are kept. `onEvent` sees each as it comes. */
function trainer(onEvent: (event: WebTrainingEvent) => void = () => undefined) {
  const events: WebTrainingEvent[] = []
  let over!: () => void
  const ended = new Promise<void>((resolve) => {
    over = resolve
  })
  const handlers = webTrainer(
    async () => ({ engine: onnxEngine(onnxRuntime), device: 'cpu', threads: 1, found: 'onnxruntime-node' }),
    (event) => {
      events.push(event)
      onEvent(event)
      if (event.kind === 'finished' || event.kind === 'failed') over()
    },
  )
  const steps = (): WebStepEvent[] => events.flatMap((event) => (event.kind === 'step' ? [event.event] : []))
  return { ...handlers, events, ended, steps, losses: () => steps().map(({ loss }) => loss) }
}

async function train(options: WebTrainingOptions) {
  const one = trainer()
  const start = await one.start(options)
  await one.ended
  return { ...one, start }
}

it('trains to the end, and tells what it is made of and each step and epoch', async () => {
  const { start, events, steps } = await train({ recipe, data })
  expect(start).toMatchObject({
    trainPictures: 32,
    evaluationPictures: 20,
    evaluationPart: 'test',
    batchesPerEpoch: 4,
    step: 0,
  })
  expect(steps().map(({ progress }) => progress.step)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
  for (const { accuracy, training } of steps().filter(({ progress }) => progress.batch === 1))
    expect(accuracy).toBe(training.top1)
  expect(events.filter(({ kind }) => kind === 'epoch')).toHaveLength(3)
  expect(events.at(-1)).toEqual({ kind: 'finished', summary: { epochs: 3, steps: 12, interrupted: false } })
})

it('stands still while paused, and then goes on as if nothing had been', async () => {
  const whole = await train({ recipe, data })
  const paused = trainer()
  await paused.start({ recipe, data })
  await paused.pause()
  const before = paused.steps().length
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(paused.steps()).toHaveLength(before)
  const predictions = await paused.predict([3, 19], 2)
  expect(predictions).toMatchObject([
    { index: 3, label: 3, height: 32 },
    { index: 19, label: 9, width: 32 },
  ])
  expect(predictions[0].picture).toHaveLength(3 * 32 * 32)
  expect(predictions[0].top[0].probability).toBeGreaterThanOrEqual(predictions[0].top[1].probability)
  await paused.resume()
  await paused.ended
  expect(paused.losses()).toEqual(whole.losses())
})

const mixed: Recipe = {
  ...recipe,
  data: { ...recipe.data, mix: { mixup: 0.2, cutmix: 1, probability: 1, switch: 0.5 } },
  loss: { labelSmoothing: 0.1, classWeights: 'balanced' },
}

it.each([
  ['plain', recipe],
  ['mixed and smoothed', mixed],
])('goes on from a checkpoint as if it had never ended: %s', async (_, recipe) => {
  const whole = await train({ recipe, data })
  const first = trainer()
  await first.start({ recipe, data })
  await first.pause()
  const checkpoint = await first.checkpoint()
  await first.stop()
  await first.ended
  expect(first.events.at(-1)).toMatchObject({ kind: 'finished', summary: { interrupted: true } })
  const done = decodeCheckpoint(checkpoint, 'test').progress.step

  const second = await train({ checkpoint, data })
  expect(second.start.step).toBe(done)
  expect([...whole.losses().slice(0, done), ...second.losses()]).toEqual(whole.losses())
})

it('trains on at another rate, which a checkpoint keeps', async () => {
  const one = trainer()
  await one.start({ recipe, data })
  await one.pause()
  await one.setRate(0.002)
  await one.resume()
  await one.ended
  expect(one.steps()[0].rate).toBe(0.01)
  expect(one.steps().at(-1)!.rate).toBe(0.002)
  expect(decodeCheckpoint(await one.checkpoint(), 'test').recipe.optimizer.rate).toBe(0.002)
  await expect(async () => one.setRate(Number.NaN)).rejects.toThrow('the learning rate must be a number above 0')
})

it('is ended by patience, says so, and goes on with more of it', async () => {
  const patient = { ...recipe, training: { ...recipe.training, epochs: 9, patience: 2, accumulate: 3 } }
  // Nothing is learnt at such a rate: the first epoch stays the best.
  const still = { ...patient, optimizer: { ...patient.optimizer, rate: 1e-12 } }
  const one = await train({ recipe: still, data })
  expect(one.start.evaluationPart).toBe('validation')
  const summary = { epochs: 3, steps: 3 * one.start.batchesPerEpoch, ended: 'patience', interrupted: false }
  expect(one.events.at(-1)).toEqual({ kind: 'finished', summary })
  const checkpoint = await one.checkpoint()
  expect((await train({ data, checkpoint })).events.at(-1)).toMatchObject({ summary: { epochs: 3, ended: 'patience' } })
  const { recipe: own } = decodeCheckpoint(checkpoint, 'test')
  const longer = { ...own, training: { ...own.training, patience: 3 } }
  expect((await train({ data, checkpoint, recipe: longer })).events.at(-1)).toMatchObject({ summary: { epochs: 4 } })
})

it('gives parameters by name, also after the end', async () => {
  const { parameters } = await train({ recipe, data })
  const { 'features.0.weight': weights } = await parameters(['features.0.weight'])
  expect(weights.data).toHaveLength(weights.shape.reduce((a, b) => a * b, 1))
  await expect(parameters(['features.0.wait'])).rejects.toThrow("there is no parameter 'features.0.wait'")
})

it('tells of a training that has diverged', async () => {
  const { events, checkpoint } = await train({
    recipe: { ...recipe, optimizer: { ...recipe.optimizer, rate: 1e12 } },
    data,
  })
  expect(events.at(-1)).toMatchObject({ kind: 'failed', error: { code: 'diverged' } })
  await expect(checkpoint()).rejects.toThrow('diverged')
})

it.each([
  ['a training needs a recipe', { data }],
  ['there is no model', { data, recipe: { ...recipe, model: { name: 'alexnt' } } }],
  [
    'expected whole records',
    { recipe, data: { kind: 'cifar10', train: [{ name: 'a', bytes: new Uint8Array(7) }], test: [] } },
  ],
  ['the checkpoint: ', { data, checkpoint: new Uint8Array(9) }],
] satisfies [string, WebTrainingOptions][])('says what is wrong: %s', async (message, options) => {
  await expect(trainer().start(options)).rejects.toThrow(message)
})
