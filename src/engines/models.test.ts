import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../tests/support/closeness.js'
import { testedEngines } from '../../tests/support/engines.js'
import { inputsOf as programInputs } from '../../tests/support/program-inputs.js'
import type { Program } from '../graph/program.js'
import { createModel } from '../models/catalogue.js'
import { initialState } from '../models/initial-state.js'
import type { Model } from '../models/model.js'
import type { ModelOptions } from '../models/options.js'
import { withRateMultipliers } from '../models/rate-multipliers.js'
import type { Sgd } from '../optimizers/sgd.js'
import { inferenceProgram } from '../programs/inference-program.js'
import { trainingProgram } from '../programs/training-program.js'
import { float32, int32, scalar, type Tensors } from '../tensor.js'
import type { Engine, Executable } from './engine.js'
import { referenceEngine } from './reference/reference-engine.js'

interface ModelCase {
  readonly name: string
  readonly model: string
  readonly size: number
  readonly options: ModelOptions
  readonly rule: Sgd['rule']
  readonly rate: number
  /** The deviation of the pictures' values; cuda-convnet's networks are made for the scale 0–255. Default: 1. */
  readonly contrast?: number
}

const BATCH = 4
const CLASSES = 7

/** The smallest picture and few filters: a case takes the reference less than a second. */
const alexnet = { model: 'alexnet', size: 63, options: { width: 1 / 16 }, rate: 0.05 }
const paper = { model: 'alexnet-2012', size: 67, options: { width: 1 / 16, initial: 'he' }, rate: 0.01 } as const
const cifar = { model: 'alexnet-cifar', size: 16, options: { width: 1 / 16, initial: 'he' }, rate: 0.01 } as const
const cuda = { size: 16, options: { width: 1 / 4 }, rate: 0.001, contrast: 60 }

/** Normalisation takes out what a bias before it adds: its gradient is 0, so the bias itself must not be. */
const batchNorm = { norm: 'batch', initial: 'fan-in' } as const

const cases: readonly ModelCase[] = [
  { ...alexnet, name: 'alexnet', rule: 'pytorch' },
  { ...alexnet, name: 'alexnet, no dropout', options: { width: 1 / 16, dropout: 0 }, rule: 'paper' },
  { ...paper, name: 'alexnet-2012', rule: 'paper', contrast: 60 },
  { ...cifar, name: 'alexnet-cifar', rule: 'pytorch' },
  { ...cifar, name: 'alexnet-cifar, tanh', options: { ...cifar.options, activation: 'tanh' }, rule: 'paper' },
  { ...cifar, name: 'alexnet-cifar, LRN', options: { ...cifar.options, lrn: true }, rule: 'pytorch', contrast: 60 },
  {
    ...cifar,
    name: 'alexnet-cifar, batch normalisation',
    options: { ...cifar.options, ...batchNorm },
    rule: 'pytorch',
  },
  { ...alexnet, name: 'alexnet, batch normalisation', options: { ...alexnet.options, ...batchNorm }, rule: 'nesterov' },
  { ...cifar, name: 'alexnet-cifar, plain pooling', options: { ...cifar.options, pooling: 'plain' }, rule: 'paper' },
  { ...cuda, name: '80sec', model: '80sec', rule: 'pytorch' },
  { ...cuda, name: '80sec, maps no larger than the padding', model: '80sec', size: 8, rule: 'paper' },
  { ...cuda, name: '19pct', model: '19pct', rule: 'paper' },
  { ...cuda, name: '18pct', model: '18pct', rule: 'pytorch' },
  { ...cuda, name: '18pct, plain pooling', model: '18pct', options: { pooling: 'plain', width: 1 / 4 }, rule: 'paper' },
]

/** A float32 engine beside float64: rounding errors of a dozen layers, forward and back. */
const TOLERANCE = 1e-4

function modelOf({ model, size, options }: Pick<ModelCase, 'model' | 'size' | 'options'>): Model {
  return createModel(model, { inputShape: [3, size, size], classes: CLASSES }, options)
}

const inputsOf = (program: Program, step: number, settings: { rate?: number; contrast?: number } = {}) =>
  programInputs(program, step, { ...settings, classes: CLASSES })

function expectClose(actual: Tensors, expected: Tensors, what: string): void {
  expect(Object.keys(actual).sort(), what).toEqual(Object.keys(expected).sort())
  for (const [name, tensor] of Object.entries(expected)) {
    expect(actual[name].shape, `${what}: ${name}`).toEqual(tensor.shape)
    expect(relativeDifference(actual[name], tensor), `${what}: ${name}`).toBeLessThan(TOLERANCE)
  }
}

describe.each(testedEngines)('engine $name against the reference', (engine) => {
  describe.each(cases)('$name', (modelCase) => {
    const model = modelOf(modelCase)
    const state = initialState(model, 5)

    it('trains alike', async () => {
      const optimizer = { weightDecay: 0.1, rule: modelCase.rule }
      const program = trainingProgram(model, { batchSize: BATCH, optimizer })
      const actual = await engine.compile(program)
      const expected = await referenceEngine().compile(program)
      for (const executable of [actual, expected]) await executable.writeState(state)
      for (const step of [0, 1]) {
        const inputs = inputsOf(program, step, modelCase)
        expectClose(await actual.run(inputs), await expected.run(inputs), `outputs of step ${step}`)
        expectClose(await actual.readState(), await expected.readState(), `state after step ${step}`)
      }
      for (const [name, { data }] of Object.entries(await expected.readState()))
        expect(data.some(Boolean), `${name} takes part`).toBe(true)
      await actual.dispose()
    })

    it('infers alike', async () => {
      const program = inferenceProgram(model, BATCH)
      const inputs = inputsOf(program, 0, modelCase)
      const [actual, expected] = await Promise.all(
        [engine, referenceEngine()].map(async (e) => {
          const executable = await e.compile(program)
          await executable.writeState(state)
          const outputs = await executable.run(inputs)
          expect(await executable.readState(), 'the parameters stay as they are').toEqual(state)
          await executable.dispose()
          return outputs
        }),
      )
      expectClose(actual, expected, 'outputs')
    })
  })
})

describe.each(testedEngines)('engine $name with frozen layers', (engine) => {
  it('leaves them as they are, and learns the others as the reference does', async () => {
    const model = withRateMultipliers(modelOf(cifar), { features: 0, 'features.3': 1, 'classifier.6': 3 })
    const program = trainingProgram(model, { batchSize: BATCH, optimizer: { weightDecay: 0.1 } })
    const state = initialState(model, 5)
    const [actual, expected] = await Promise.all([engine, referenceEngine()].map((e) => e.compile(program)))
    for (const executable of [actual, expected]) await executable.writeState(state)
    for (const step of [0, 1]) {
      const inputs = inputsOf(program, step, cifar)
      expectClose(await actual.run(inputs), await expected.run(inputs), `outputs of step ${step}`)
    }
    const after = await actual.readState()
    expectClose(after, await expected.readState(), 'state')
    expect(after['features.0.weight']).toEqual(state['features.0.weight'])
    expect(after['features.3.weight']).not.toEqual(state['features.3.weight'])
    expect(after).not.toHaveProperty('velocity:features.0.weight')
    await actual.dispose()
  })
})

describe.each([referenceEngine(), ...testedEngines])('engine $name with a frozen batch normalisation', (engine) => {
  it('goes by its running statistics, which stay as they are, and learns what is before it', async () => {
    const normalised = { ...cifar, options: { ...cifar.options, ...batchNorm } }
    const model = withRateMultipliers(modelOf(normalised), { 'features.1': 0 })
    const program = trainingProgram(model, { batchSize: BATCH, optimizer: { weightDecay: 0.1 } })
    const state = initialState(model, 5)
    const statistics = ['features.1.running_mean', 'features.1.running_var'] as const
    state[statistics[0]].data.fill(0.25)
    state[statistics[1]].data.fill(2)
    const [actual, expected] = await Promise.all([engine, referenceEngine()].map((e) => e.compile(program)))
    for (const executable of [actual, expected]) await executable.writeState(state)
    const inputs = inputsOf(program, 0, normalised)
    expectClose(await actual.run(inputs), await expected.run(inputs), 'outputs')
    const after = await actual.readState()
    expectClose(after, await expected.readState(), 'state')
    for (const name of [...statistics, 'features.1.weight', 'features.1.bias']) expect(after[name]).toEqual(state[name])
    expect(after['features.0.weight']).not.toEqual(state['features.0.weight'])
    expect(after['features.5.running_mean']).not.toEqual(state['features.5.running_mean'])
    for (const executable of [actual, expected]) await executable.dispose()
  })
})

describe.each([referenceEngine(), ...testedEngines])('the contract of engine $name', (engine) => {
  const model = modelOf(cifar)
  const program = trainingProgram(model, { batchSize: BATCH, optimizer: { rule: 'paper' } })
  const state = initialState(model, 5)
  const weight = 'classifier.6.weight'

  const compiled = async (e: Engine, p: Program = program): Promise<Executable> => {
    const executable = await e.compile(p, { threads: 2 })
    await executable.writeState(state)
    return executable
  }

  it('starts with a state of zeros', async () => {
    const executable = await engine.compile(program)
    for (const [name, tensor] of Object.entries(await executable.readState()))
      expect(
        tensor.data.every((value) => value === 0),
        name,
      ).toBe(true)
    await executable.dispose()
  })

  it.each([
    ['training', program],
    ['inference', inferenceProgram(model, BATCH)],
  ])('%s: reads and writes copies of the state', async (_, p) => {
    const executable = await compiled(engine, p)
    const own = { [weight]: float32(state[weight].shape, state[weight].data.slice()) }
    await executable.writeState(own)
    own[weight].data.fill(7)
    expect((await executable.readState([weight]))[weight].data).toEqual(state[weight].data)

    const read = await executable.readState([weight])
    read[weight].data.fill(7)
    expect((await executable.readState([weight]))[weight].data).toEqual(state[weight].data)
    await executable.dispose()
  })

  it('leaves what it has given out alone while it goes on', async () => {
    const executable = await compiled(engine)
    const outputs = await executable.run(inputsOf(program, 0))
    const read = await executable.readState()
    const [loss, values] = [outputs.loss.data.slice(), read[weight].data.slice()]
    await executable.run(inputsOf(program, 1))
    expect(outputs.loss.data).toEqual(loss)
    expect(read[weight].data).toEqual(values)
    await executable.dispose()
  })

  it('reads only the names asked for', async () => {
    const executable = await compiled(engine)
    expect(Object.keys(await executable.readState([weight]))).toEqual([weight])
    await expect(executable.readState(['features.99.weight'])).rejects.toMatchObject({
      code: 'incompatible-state',
      message: expect.stringContaining("there is no state 'features.99.weight'"),
    })
    await executable.dispose()
  })

  it.each([
    ['an unknown name', 'features.99.weight', float32([1], [1]), "there is no state 'features.99.weight'"],
    ['a name that every object has', 'toString', float32([1], [1]), "there is no state 'toString'"],
    ['a wrong shape', weight, float32([1], [1]), 'expected float32 7×64, got float32 1'],
    ['a wrong dtype', weight, int32([7, 64], new Int32Array(448)), 'expected float32 7×64, got int32 7×64'],
    ['too few values', weight, { ...float32([1], [1]), shape: [7, 64] }, 'holds 448 values, got 1'],
  ])('refuses state of %s', async (_, name, tensor, message) => {
    const executable = await compiled(engine)
    await expect(executable.writeState({ [name]: tensor })).rejects.toMatchObject({
      name: 'AlexNetError',
      code: 'incompatible-state',
      message: expect.stringContaining(message),
    })
    expect((await executable.readState([weight]))[weight].data).toEqual(state[weight].data)
    await executable.dispose()
  })

  it('refuses a state of which one tensor is wrong as a whole', async () => {
    const executable = await compiled(engine)
    const zeros = float32(state[weight].shape, new Float32Array(state[weight].data.length))
    await expect(executable.writeState({ [weight]: zeros, other: zeros })).rejects.toThrow("no state 'other'")
    expect((await executable.readState([weight]))[weight].data).toEqual(state[weight].data)
    await executable.dispose()
  })

  it.each([
    ['a missing input', { labels: undefined }, "the input 'labels' is missing"],
    ['an unknown input', { lables: int32([BATCH], [0, 1, 2, 3]) }, "there is no input 'lables'"],
    ['an input that every object has', { toString: scalar(1) }, "there is no input 'toString'"],
    ['a wrong shape', { images: float32([1], [1]) }, "input 'images': expected float32 4×3×16×16, got float32 1"],
    ['a wrong dtype', { labels: float32([BATCH], [0, 1, 2, 3]) }, "input 'labels': expected int32 4, got float32 4"],
    ['too few values', { labels: { ...int32([1], [0]), shape: [BATCH] } }, 'holds 4 values, got 1'],
  ])('refuses %s, and the state stays', async (_, change, message) => {
    const executable = await compiled(engine)
    const inputs = Object.entries({ ...inputsOf(program, 0), ...change }).filter(([, tensor]) => tensor !== undefined)
    await expect(executable.run(Object.fromEntries(inputs) as Tensors)).rejects.toMatchObject({
      name: 'AlexNetError',
      code: 'invalid-shape',
      message: expect.stringContaining(message),
    })
    expect((await executable.readState([weight]))[weight].data).toEqual(state[weight].data)
    await executable.dispose()
  })

  it('keeps two executables of one program apart', async () => {
    const alone = await compiled(engine)
    const [first, second] = [await compiled(engine), await compiled(engine)]
    for (const step of [0, 1]) {
      const outputs = await alone.run(inputsOf(program, step))
      expect(await first.run(inputsOf(program, step))).toEqual(outputs)
      await second.run(inputsOf(program, step + 10))
    }
    expect(await first.readState()).toEqual(await alone.readState())
    expect(await second.readState()).not.toEqual(await alone.readState())
    await second.dispose()
    await first.run(inputsOf(program, 2))
    for (const executable of [alone, first]) await executable.dispose()
  })

  it('repeats steps bit by bit from the same state', async () => {
    const executable = await compiled(engine)
    await executable.run(inputsOf(program, 0))
    const saved = await executable.readState()
    const fromHere = async () => [
      await executable.run(inputsOf(program, 1)),
      await executable.run(inputsOf(program, 2)),
      await executable.readState(),
    ]
    const once = await fromHere()
    await executable.writeState(saved)
    expect(await fromHere()).toEqual(once)
    await executable.dispose()
  })
})
