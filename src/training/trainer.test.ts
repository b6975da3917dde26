import { describe, expect, it } from 'vitest'
import { type BatchLoader, batchLoader } from '../data/batch-loader.js'
import { subset } from '../data/dataset.js'
import type { Preprocessing } from '../data/preprocessing.js'
import { shapes } from '../data/shapes.js'
import type { Engine } from '../engines/engine.js'
import { referenceEngine } from '../engines/reference/reference-engine.js'
import { classifier } from '../inference/classifier.js'
import { initialState } from '../models/initial-state.js'
import type { Model } from '../models/model.js'
import { withoutAverages } from '../optimizers/average.js'
import { checkParameters, withoutOptimizerState } from '../runs/checkpoint.js'
import { freshProgress } from '../runs/progress.js'
import { scheduleSchema } from '../runs/schedule.js'
import { float32, type Tensors } from '../tensor.js'
import { type EpochEvent, type StepEvent, type TrainerHooks, type TrainerOptions, train } from './trainer.js'

/** A net that the loops of the reference train in no time, with dropout: its masks are drawn anew in each step. */
const model: Model = {
  name: 'tiny',
  inputShape: [3, 32, 32],
  classes: 10,
  features: [
    { kind: 'conv2d', filters: 2, kernel: 5, stride: 4, padding: 0, groups: 1 },
    { kind: 'relu' },
    { kind: 'flatten' },
  ],
  classifier: [
    { kind: 'dropout', rate: 0.5 },
    { kind: 'linear', outputs: 10 },
  ],
}
const batchNorm = { kind: 'batch-norm', epsilon: 1e-5, momentum: 0.1 } as const
const preprocessing: Preprocessing = {
  size: 32,
  normalisation: { kind: 'channel', mean: [120, 120, 120], deviation: [60, 60, 60] },
  augmentation: [{ kind: 'mirror' }],
}
const batchSize = 4
const data = shapes({ seed: 1, train: 13, test: 6 })
const loaderOf = (dataset: typeof data.train) => batchLoader({ dataset, preprocessing, batchSize, seed: 1 })

/** Three batches an epoch; two of an evaluation. */
function optionsOf(changes: Partial<TrainerOptions> = {}): TrainerOptions {
  return {
    model,
    engine: referenceEngine(),
    loader: loaderOf(data.train),
    evaluation: loaderOf(data.test),
    evaluationPart: 'test',
    epochs: 3,
    rate: 0.01,
    optimizer: { momentum: 0.9, weightDecay: 5e-4, rule: 'pytorch' },
    schedule: scheduleSchema.parse({ kind: 'cosine' }),
    state: initialState(model, 1),
    progress: freshProgress,
    ...changes,
  }
}

/** Trains and keeps all that is told: steps without the time that they took, epochs, and the state after each of them. */
async function record(changes: Partial<TrainerOptions> = {}, hooks: TrainerHooks = {}) {
  const steps: Omit<StepEvent, 'waited'>[] = []
  const epochs: EpochEvent[] = []
  const states: Tensors[] = []
  const result = await train(optionsOf(changes), {
    ...hooks,
    async onStep(event, snapshot) {
      const { waited: _, ...rest } = event
      steps.push(rest)
      states.push(await snapshot())
      await hooks.onStep?.(event, snapshot)
    },
    async onEpoch(event, snapshot) {
      epochs.push(event)
      await hooks.onEpoch?.(event, snapshot)
    },
  })
  return { steps, epochs, states, result }
}

describe('what is told', () => {
  it('comes in order: the steps of an epoch, its evaluation batch by batch, the epoch', async () => {
    const told: string[] = []
    await train(optionsOf({ epochs: 2 }), {
      onStep: ({ progress }) => void told.push(`step ${progress.step}`),
      onEvaluated: ({ batch, logits }) => {
        expect(logits.length).toBe(10 * batch.labels.data.length)
        told.push(`${batch.labels.data.length} pictures`)
      },
      onEpoch: ({ progress }) => void told.push(`epoch ${progress.epoch}`),
    })
    const evaluation = ['4 pictures', '2 pictures']
    expect(told).toEqual([
      ...['step 1', 'step 2', 'step 3', ...evaluation, 'epoch 1'],
      ...['step 4', 'step 5', 'step 6', ...evaluation, 'epoch 2'],
    ])
  })

  it('says how far the run is, and the means of the epoch so far', async () => {
    const { steps, epochs, result } = await record({ epochs: 2 })
    expect(steps.map(({ progress }) => [progress.epoch, progress.batch, progress.step])).toEqual([
      ...[1, 2, 3].map((n) => [0, n, n]),
      ...[1, 2, 3].map((n) => [1, n, 3 + n]),
    ])
    for (const [n, { loss, training, batchesPerEpoch }] of steps.entries()) {
      const ofEpoch = steps.slice(3 * Math.floor(n / 3), n + 1)
      expect(training.images).toBe(4 * ofEpoch.length)
      expect(training.loss).toBeCloseTo(ofEpoch.reduce((sum, step) => sum + step.loss, 0) / ofEpoch.length, 10)
      expect(loss).toBeGreaterThan(0)
      expect(batchesPerEpoch).toBe(3)
    }
    expect(epochs.map(({ progress }) => [progress.epoch, progress.batch, progress.step])).toEqual([
      [1, 0, 3],
      [2, 0, 6],
    ])
    expect(epochs[1].training).toEqual(steps[5].training)
    expect(epochs[1].evaluation.images).toBe(6)
    expect(result).toMatchObject({ interrupted: false, progress: epochs[1].progress })
  })

  it('is waited for: no step begins before its hook has ended', async () => {
    let busy = false
    await train(optionsOf({ epochs: 1 }), {
      async onStep() {
        expect(busy).toBe(false)
        busy = true
        await new Promise((resolve) => setTimeout(resolve, 2))
        busy = false
      },
    })
  })

  it('has in a snapshot copies that training leaves alone', async () => {
    const { states } = await record({ epochs: 1 })
    const weights = states.map((state) => state['classifier.1.weight'].data)
    expect(weights[0]).not.toEqual(weights[1])
    expect(weights[1]).not.toEqual(weights[2])
  })

  it('calls the lowest loss of an evaluation so far the best', async () => {
    // The rate grows until the loss does too.
    let rate = 0.001
    const { epochs } = await record({
      epochs: 6,
      schedule: { kind: 'constant' },
      rate: () => {
        rate *= 1.35
        return rate
      },
    })
    const losses = epochs.map(({ evaluation }) => evaluation.loss)
    expect(new Set(epochs.map(({ isBest }) => isBest))).toEqual(new Set([true, false]))
    for (const [n, { isBest, progress }] of epochs.entries()) {
      const before = Math.min(...losses.slice(0, n))
      expect(isBest).toBe(losses[n] < before)
      const best = Math.min(...losses.slice(0, n + 1))
      expect(progress.best).toEqual({ loss: best, epoch: losses.indexOf(best) + 1, part: 'test' })
    }
  })
})

describe('a run', () => {
  it('goes on exactly from any of its steps', async () => {
    const whole = await record()
    // In an epoch, at the end of its batches before the evaluation, and in the last epoch.
    for (const done of [1, 3, 8]) {
      const rest = await record({ state: whole.states[done - 1], progress: whole.steps[done - 1].progress })
      expect(rest.steps).toEqual(whole.steps.slice(done))
      expect(rest.epochs).toEqual(whole.epochs.slice(Math.floor((done - 1) / 3)))
      expect(rest.result).toEqual(whole.result)
    }
  })

  it('goes on exactly from the end of an epoch, and has nothing to do at its own end', async () => {
    const whole = await record()
    let state: Tensors = {}
    await record(
      {},
      {
        async onEpoch({ progress }, snapshot) {
          if (progress.epoch === 2) state = await snapshot()
        },
      },
    )
    const rest = await record({ state, progress: whole.epochs[1].progress })
    expect(rest.steps).toEqual(whole.steps.slice(6))
    expect(rest.result).toEqual(whole.result)
    const { steps, epochs, result } = await record(whole.result)
    expect([steps, epochs]).toEqual([[], []])
    expect(result).toEqual(whole.result)
  })

  it('goes on exactly with mixed pictures and weighted, smoothed labels, and evaluates by the plain loss', async () => {
    const changes: Partial<TrainerOptions> = {
      loader: batchLoader({ dataset: data.train, preprocessing, batchSize, seed: 1, mix: { mixup: 0.4, cutmix: 1 } }),
      loss: { labelSmoothing: 0.1, classWeights: [3, 1, 1, 1, 1, 1, 1, 1, 1, 0.5] },
    }
    const whole = await record(changes)
    for (const done of [1, 5]) {
      const rest = await record({
        ...changes,
        state: whole.states[done - 1],
        progress: whole.steps[done - 1].progress,
      })
      expect(rest.steps).toEqual(whole.steps.slice(done))
      expect(rest.result).toEqual(whole.result)
    }
    expect((await record()).steps.map(({ loss }) => loss)).not.toEqual(whole.steps.map(({ loss }) => loss))
    const net = await classifier(referenceEngine(), model, { batchSize })
    await net.load(whole.states[2])
    expect(whole.epochs[0].evaluation.loss).toBeCloseTo((await net.evaluate(loaderOf(data.test))).loss, 6)
    await net.dispose()
  })

  it('goes on exactly with statistics, moments and averages too', async () => {
    const normalised: Model = { ...model, features: model.features.toSpliced(1, 0, batchNorm) }
    const changes: Partial<TrainerOptions> = {
      model: normalised,
      state: initialState(normalised, 1),
      optimizer: { kind: 'adamw', clipNorm: 1, average: 0.9 },
    }
    const whole = await record(changes)
    const names = Object.keys(whole.result.state)
    for (const kept of ['features.1.running_mean', 'moment2:features.1.weight', 'average:features.0.weight'])
      expect(names).toContain(kept)
    for (const done of [2, 5]) {
      const rest = await record({
        ...changes,
        state: whole.states[done - 1],
        progress: whole.steps[done - 1].progress,
      })
      expect(rest.steps).toEqual(whole.steps.slice(done))
      expect(rest.epochs).toEqual(whole.epochs.slice(Math.floor((done - 1) / 3)))
      expect(rest.result).toEqual(whole.result)
    }
  })

  it('is evaluated by the average of its parameters, where it keeps one', async () => {
    const last = async (optimizer: TrainerOptions['optimizer']) => {
      const { epochs, result } = await record({ optimizer, rate: 0.1 })
      return { loss: epochs[2].evaluation.loss, state: result.state }
    }
    const [averaged, plain] = [await last({ average: 0.9 }), await last({})]
    const net = await classifier(referenceEngine(), model, { batchSize })
    const lossOf = async (state: Tensors) => {
      await net.load(state)
      return (await net.evaluate(loaderOf(data.test))).loss
    }
    expect(averaged.loss).not.toBe(plain.loss)
    expect(await lossOf(averaged.state)).toBe(averaged.loss)
    // The training itself goes on as without: its parameters are the same.
    expect(await lossOf(withoutAverages(averaged.state))).toBe(plain.loss)
    await net.dispose()
  })

  it('draws dropout masks anew in each step', async () => {
    // Four times the same picture, and a rate that changes nothing: only the masks tell the steps apart.
    const same = subset(data.train, [0, 0, 0, 0], 'one picture')
    const loader = batchLoader({
      ...{ dataset: same, batchSize, seed: 1 },
      preprocessing: { ...preprocessing, augmentation: [] },
    })
    const { steps } = await record({ loader, epochs: 3, rate: 1e-30 })
    expect(new Set(steps.map(({ loss }) => loss)).size).toBe(3)
  })

  it('draws other dropout masks and orders for another seed, and the same for the same', async () => {
    const [once, again, other] = [
      await record(),
      await record(),
      await record({ loader: { ...loaderOf(data.train), seed: 2 } }),
    ]
    expect(again).toEqual(once)
    // The pictures are the loader's affair, so only the masks differ.
    expect(other.steps[0].loss).not.toBe(once.steps[0].loss)
  })

  it('ends after the step in which its signal comes, and goes on exactly there', async () => {
    const whole = await record()
    for (const last of [2, 6]) {
      const stop = new AbortController()
      const cut = await record(
        { signal: stop.signal },
        {
          onStep({ progress }) {
            if (progress.step === last) stop.abort()
          },
        },
      )
      expect(cut.steps).toEqual(whole.steps.slice(0, last))
      expect(cut.result).toMatchObject({ interrupted: true, progress: { step: last } })
      const rest = await record(cut.result)
      expect(rest.steps).toEqual(whole.steps.slice(last))
      expect(rest.result).toEqual(whole.result)
    }
  })

  it('ends in the evaluation too, and evaluates anew when it goes on', async () => {
    const whole = await record()
    const stop = new AbortController()
    const cut = await record({ signal: stop.signal }, { onEvaluated: () => stop.abort() })
    expect(cut.epochs).toEqual([])
    expect(cut.result).toMatchObject({ interrupted: true, progress: { epoch: 0, batch: 3, step: 3 } })
    const rest = await record(cut.result)
    expect(rest.steps).toEqual(whole.steps.slice(3))
    expect(rest.epochs).toEqual(whole.epochs)
    expect(rest.result).toEqual(whole.result)
  })

  it('is complete, and not interrupted, when the signal comes after its last epoch', async () => {
    const stop = new AbortController()
    const { result } = await record({ epochs: 1, signal: stop.signal }, { onEpoch: () => stop.abort() })
    expect(result.interrupted).toBe(false)
    const early = new AbortController()
    const cut = await record({ epochs: 2, signal: early.signal }, { onEpoch: () => early.abort() })
    expect(cut.result).toMatchObject({ interrupted: true, progress: { epoch: 1, batch: 0 } })
  })

  it('asks for the rate before each step, and lets the schedule take its part', async () => {
    const { steps } = await record({
      epochs: 2,
      schedule: scheduleSchema.parse({ kind: 'steps', every: 1, factor: 0.1 }),
    })
    expect(steps.map(({ rate }) => Number(rate.toPrecision(6)))).toEqual([0.01, 0.01, 0.01, 0.001, 0.001, 0.001])
    const rates = [0.01, 0.02, 0.03]
    const asked = await record({ epochs: 1, schedule: { kind: 'constant' }, rate: () => rates.shift() ?? 0.04 })
    expect(asked.steps.map(({ rate }) => rate)).toEqual([0.01, 0.02, 0.03])
  })

  it('is ended by a plateau, after its drops', async () => {
    const schedule = scheduleSchema.parse({ kind: 'plateau', patience: 1, drops: 1, factor: 0.1 })
    const { epochs, result } = await record({ epochs: 50, rate: 1e-12, schedule })
    // The first evaluation is the best; the second drops the rate; the third would drop it once more than it may.
    expect(epochs.map(({ rate }) => Number(rate.toPrecision(6)))).toEqual([1e-12, 1e-12, 1e-13])
    expect(result).toMatchObject({ interrupted: false, progress: { epoch: 3, endedBySchedule: true } })
    expect((await record(result)).steps).toEqual([])
  })
})

describe('gradients that accumulate', () => {
  const accumulating = { accumulate: 2, epochs: 2, optimizer: { kind: 'adamw', average: 0.5 } } as const

  it('make an update with every second batch, and one at the end of an epoch with what is left', async () => {
    const { states, steps } = await record(accumulating)
    const weights = [initialState(model, 1), ...states].map((state) => state['classifier.1.weight'].data)
    const changes = weights.slice(1).map((data, i) => data.some((value, at) => value !== weights[i][at]))
    expect(changes).toEqual([false, true, true, false, true, true])
    const sums = states.map((state) => state['accumulated:classifier.1.weight'].data.some((value) => value !== 0))
    expect(sums).toEqual([true, false, false, true, false, false])
    // Two updates an epoch: the cosine is that of four steps.
    const rates = [0, 0, 1, 2, 2, 3].map((update) => 0.005 * (1 + Math.cos((Math.PI * update) / 4)))
    for (const [i, { rate }] of steps.entries()) expect(rate).toBeCloseTo(rates[i], 12)
  })

  it('go on exactly from between two batches of an update', async () => {
    const whole = await record(accumulating)
    for (const at of [1, 4]) {
      const stop = new AbortController()
      const onStep = ({ progress }: StepEvent) => {
        if (progress.step === at) stop.abort()
      }
      const cut = await record({ ...accumulating, signal: stop.signal }, { onStep })
      const { progress, state } = cut.result
      expect(progress.step).toBe(at)
      const rest = await record({ ...accumulating, progress, state })
      expect(rest.result).toEqual(whole.result)
      expect([...cut.steps, ...rest.steps]).toEqual(whole.steps)
    }
  })

  it('are kept in no best checkpoint, and in every one to go on from', async () => {
    const { state } = (await record({ ...accumulating, epochs: 1 })).result
    expect(() => checkParameters(model, state)).not.toThrow()
    const lean = Object.keys(withoutOptimizerState(model, state)).filter((name) => !name.startsWith('average:'))
    expect(lean.sort()).toEqual(Object.keys(initialState(model, 1)).sort())
  })
})

it('is ended by patience, under any schedule, where no epoch has had a lower loss than the best', async () => {
  // A rate that changes nothing: the first evaluation stays the best.
  const { epochs, result } = await record({ epochs: 50, rate: 1e-12, patience: 3 })
  expect(epochs.map(({ isBest }) => isBest)).toEqual([true, false, false, false])
  expect(epochs.map(({ progress }) => progress.endedByPatience)).toEqual([undefined, undefined, undefined, true])
  expect(result).toMatchObject({
    interrupted: false,
    progress: { epoch: 4, best: { epoch: 1 }, endedByPatience: true },
  })
  expect((await record({ ...result, epochs: 50, patience: 3 })).steps).toEqual([])
  const learning = await record({ epochs: 2, patience: 1 })
  expect(learning.result.progress).toMatchObject({ epoch: 2, best: { epoch: 2 } })
  expect(learning.result.progress).not.toHaveProperty('endedByPatience')
})

describe('what goes wrong', () => {
  it('a loss that is no number ends the run, with the place and the rate', async () => {
    const epochs: EpochEvent[] = []
    const failing = train(optionsOf({ rate: 1e30, schedule: { kind: 'constant' } }), {
      onEpoch: (event) => void epochs.push(event),
    })
    await expect(failing).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(/in epoch 1, batch [23], at a learning rate of 1e\+30/),
      hint: expect.stringContaining('--lr 1e+29'),
    })
    expect(epochs).toEqual([])
  })

  it('nor is an epoch told of whose evaluation is no number', async () => {
    const epochs: EpochEvent[] = []
    // Only the last step goes astray, so no loss of a training batch tells.
    let step = 0
    const failing = train(optionsOf({ rate: () => (++step < 3 ? 0.01 : 1e30), schedule: { kind: 'constant' } }), {
      onEpoch: (event) => void epochs.push(event),
    })
    await expect(failing).rejects.toMatchObject({ code: 'diverged', message: expect.stringContaining('batch 3') })
    expect(epochs).toEqual([])
  })

  it('an error of the evaluation, or of a hook, is handed on, and the engine is left empty', async () => {
    const { engine, alive } = counting()
    const inOrder: BatchLoader['inOrder'] = () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('unreadable')) }),
    })
    const broken = { ...loaderOf(data.test), inOrder }
    await expect(train(optionsOf({ engine, evaluation: broken }))).rejects.toThrow('unreadable')
    const onStep = () => Promise.reject(new Error('the disk is full'))
    await expect(train(optionsOf({ engine }), { onStep })).rejects.toThrow('the disk is full')
    await train(optionsOf({ engine, epochs: 1 }))
    expect(alive()).toBe(0)
  })

  it('a net that guesses on is told of once, after 150 steps', async () => {
    const zeros = Object.fromEntries(
      Object.entries(initialState(model, 1)).map(([name, { shape, data }]) => [
        name,
        float32(shape, new Float32Array(data.length)),
      ]),
    )
    const told: [number, string][] = []
    let step = 0
    const hooks: TrainerHooks = {
      onStep({ progress }) {
        step = progress.step
      },
      onWarning: (message) => void told.push([step, message]),
    }
    await train(optionsOf({ epochs: 53, rate: 1e-12, state: zeros }), hooks)
    expect(told).toEqual([[150, expect.stringContaining('ln(10) = 2.303')]])
    await train(optionsOf({ epochs: 49, rate: 1e-12, state: zeros }), hooks)
    expect(told).toHaveLength(1)
  })
})

/** The reference, and how many of its executables have not been disposed of. */
function counting(): { engine: Engine; alive: () => number } {
  let count = 0
  const reference = referenceEngine()
  const compile: Engine['compile'] = async (program, options) => {
    const executable = await reference.compile(program, options)
    count++
    return {
      run: (inputs) => executable.run(inputs),
      readState: (names) => executable.readState(names),
      writeState: (state) => executable.writeState(state),
      timings: () => executable.timings(),
      dispose: async () => {
        count--
        await executable.dispose()
      },
    }
  }
  return { engine: { ...reference, compile }, alive: () => count }
}
