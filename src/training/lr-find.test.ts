import { describe, expect, it } from 'vitest'
import { readGolden } from '../../tests/support/golden.js'
import { batchLoader, type LoaderOptions } from '../data/batch-loader.js'
import { shapes } from '../data/shapes.js'
import type { Engine, Executable } from '../engines/engine.js'
import { referenceEngine } from '../engines/reference/reference-engine.js'
import { initialState } from '../models/initial-state.js'
import type { Model } from '../models/model.js'
import { scalar, scalarValue, type Tensors } from '../tensor.js'
import { findRate, rateRange } from './lr-find.js'
import { train } from './trainer.js'

const model: Model = {
  name: 'tiny',
  inputShape: [3, 32, 32],
  classes: 10,
  features: [
    { kind: 'conv2d', filters: 2, kernel: 5, stride: 4, padding: 0, groups: 1 },
    { kind: 'relu' },
    { kind: 'flatten' },
  ],
  classifier: [{ kind: 'linear', outputs: 10 }],
}
const options: LoaderOptions = {
  dataset: shapes({ seed: 1, train: 14, test: 0 }).train,
  preprocessing: {
    size: 32,
    normalisation: { kind: 'channel', mean: [120, 120, 120], deviation: [60, 60, 60] },
    augmentation: [],
  },
  batchSize: 4,
  seed: 1,
}
const loader = batchLoader(options)

/** An engine whose steps have the losses given, and which notes what it is asked. */
function scripted(losses: (step: number) => number) {
  const rates: number[] = []
  const log = { rates, compiled: 0, disposed: 0, written: undefined as Tensors | undefined }
  const engine: Engine = {
    name: 'scripted',
    precisions: ['float32'],
    async compile() {
      log.compiled++
      const executable: Executable = {
        async run({ rate }) {
          rates.push(scalarValue(rate))
          return { loss: scalar(losses(rates.length - 1)), correct1: scalar(0), correct5: scalar(0) }
        },
        timings: async () => [],
        readState: async () => ({}),
        async writeState(state) {
          log.written = state
        },
        async dispose() {
          log.disposed++
        },
      }
      return executable
    },
  }
  return { engine, log }
}

describe('findRate', () => {
  it('raises the rate by the same factor from step to step, over as many epochs as it takes, and evaluates nothing', async () => {
    const { engine, log } = scripted((step) => 2 - 0.01 * step)
    const { points, end } = await findRate({ model, engine, loader, from: 1e-4, to: 1, steps: 41 })
    expect(end).toBe('steps')
    // The inputs of a program are float32.
    expect(log.rates).toEqual(
      Array.from({ length: 41 }, (_, i) => Math.fround(1e-4 * 10 ** (i / 10))).map((rate) => expect.closeTo(rate, 9)),
    )
    expect(points.map(({ rate }) => rate)).toEqual(log.rates.map((rate) => expect.closeTo(rate, 7)))
    expect(log).toMatchObject({ compiled: 1, disposed: 1 })
  })

  it('smooths the losses as fastai does, and suggests what it suggests', async () => {
    const golden = readGolden<{ name: string; losses: number[]; smoothed: number[]; valley: number; steep: number }>(
      'lr-find',
    )
    const { losses, smoothed, valley, steep } = golden.cases.find(({ name }) => name === 'noisy')!
    const { engine } = scripted((step) => losses[step])
    const found = await findRate({ model, engine, loader, from: 1e-6, to: 10, steps: 100 })
    expect(found.points.map((point) => point.smoothed)).toEqual(
      smoothed.slice(0, found.points.length).map((value) => expect.closeTo(value, 5)),
    )
    expect(found.rate).toBeCloseTo(valley, 8)
    expect(found.suggestions).toEqual({ valley: expect.closeTo(valley, 8), steep: expect.closeTo(steep, 8) })
    const other = scripted((step) => losses[step])
    expect((await findRate({ model, engine: other.engine, loader, method: 'steep' })).rate).toBeCloseTo(steep, 8)
  })

  it('ends when the smoothed loss is four times its lowest, or no longer a number', async () => {
    const rising = scripted((step) => (step < 50 ? 2 - 0.02 * step : 1000))
    const risen = await findRate({ model, engine: rising.engine, loader })
    expect(risen.end).toBe('rise')
    expect(risen.points.at(-1)!.smoothed).toBeGreaterThan(4 * Math.min(...risen.points.map(({ smoothed }) => smoothed)))
    expect(risen.points).toHaveLength(51)
    const broken = scripted((step) => (step < 50 ? 2 - 0.02 * step : Number.NaN))
    const diverged = await findRate({ model, engine: broken.engine, loader })
    expect(diverged).toMatchObject({ end: 'diverged', rate: expect.any(Number) })
    expect(diverged.points).toHaveLength(50)
    expect(broken.log.disposed).toBe(1)
  })

  it('suggests nothing where no rate has lowered the loss', async () => {
    const { engine } = scripted(() => 2)
    const found = await findRate({ model, engine, loader })
    expect(found.rate).toBeUndefined()
    expect(found.suggestions).toBeUndefined()
  })

  it('takes the batches of an update for one step, whose loss is the mean of theirs', async () => {
    const { engine, log } = scripted((batch) => 100 - batch)
    const { points } = await findRate({ model, engine, loader, from: 1e-4, to: 1, steps: 21, accumulate: 3 })
    expect(points.map(({ loss }) => loss)).toEqual(Array.from({ length: 21 }, (_, i) => 99 - 3 * i))
    expect(log.rates).toHaveLength(63)
    for (const [batch, rate] of log.rates.entries()) expect(rate).toBeCloseTo(points[Math.floor(batch / 3)].rate, 7)
  })

  it('learns of mixed pictures what a training learns of them', async () => {
    const mixing = batchLoader({ ...options, mix: { mixup: 1 } })
    const first: number[] = []
    const learnt = { model, engine: referenceEngine(), loader: mixing }
    await findRate({ ...learnt, steps: 20, onStep: ({ loss }) => first.push(loss) })
    const stop = new AbortController()
    await train(
      { ...learnt, evaluation: mixing, epochs: 1, rate: 1e-6, signal: stop.signal },
      {
        onStep({ loss }) {
          stop.abort()
          expect(first[0]).toBe(loss)
        },
      },
    )
    expect.assertions(1)
  })

  it('leaves what it starts from as it is, and finds the same again', async () => {
    const state = initialState(model, 1)
    const before = structuredClone(state)
    const search = () => findRate({ model, engine: referenceEngine(), loader, state, steps: 20 })
    const first = await search()
    expect(state).toEqual(before)
    expect(await search()).toEqual(first)
  })

  it('stops when it is asked to', async () => {
    const stop = new AbortController()
    const { engine, log } = scripted(() => 1)
    const found = findRate({
      model,
      engine,
      loader,
      signal: stop.signal,
      onStep: (_, step) => step === 3 && stop.abort(),
    })
    await expect(found).rejects.toThrow(/aborted/)
    expect(log.rates).toHaveLength(3)
  })

  it.each([
    [{ from: 0 }, /goes from a rate above 0 to a larger one, got 0 and 10/],
    [{ from: 1, to: 0.1 }, /got 1 and 0\.1/],
    [{ steps: 19 }, /at least 20, got 19/],
  ])('refuses %j', async (changes, message) => {
    await expect(findRate({ model, engine: referenceEngine(), loader, ...changes })).rejects.toThrow(message)
  })
})

describe('rateRange', () => {
  it('is lower for AdamW', () => {
    expect(rateRange()).toEqual({ from: 1e-6, to: 10 })
    expect(rateRange({ kind: 'adamw' })).toEqual({ from: 1e-7, to: 1 })
  })
})
