import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../tests/support/closeness.js'
import { testedEngines } from '../../tests/support/engines.js'
import type { Program } from '../graph/program.js'
import { initialState } from '../models/initial-state.js'
import type { Model } from '../models/model.js'
import { accumulatedName, turnOf } from '../optimizers/accumulation.js'
import { withAverages } from '../optimizers/average.js'
import type { OptimizerSettings } from '../optimizers/index.js'
import { stepInputs, trainingProgram } from '../programs/training-program.js'
import { random } from '../random.js'
import { float32, int32, type Tensors } from '../tensor.js'
import type { Engine, Executable } from './engine.js'
import { referenceEngine } from './reference/reference-engine.js'

const CLASSES = 5
const SIDE = 8
const model: Model = {
  name: 'small',
  inputShape: [3, SIDE, SIDE],
  classes: CLASSES,
  features: [
    { kind: 'conv2d', filters: 8, kernel: 3, stride: 1, padding: 1, groups: 1 },
    { kind: 'relu' },
    { kind: 'max-pool', kernel: 2, stride: 2, ceil: false },
    { kind: 'flatten' },
  ],
  classifier: [{ kind: 'linear', outputs: 20 }, { kind: 'relu' }, { kind: 'linear', outputs: CLASSES }],
}
const parameters = Object.keys(initialState(model, 1))

/** Batches of this size, so many of which are as large as one. */
const [SMALL, ACCUMULATED, UPDATES] = [4, 3, 3]

const optimizers: readonly (readonly [string, OptimizerSettings])[] = [
  ['sgd', { kind: 'sgd', momentum: 0.9, weightDecay: 0.01 }],
  ['sgd by the paper, clipped', { kind: 'sgd', rule: 'paper', clipNorm: 0.1 }],
  ['adamw, averaged', { kind: 'adamw', average: 0.5 }],
]

/** The pictures of an update, or of a part of it. */
function pictures(update: number, from = 0, count = SMALL * ACCUMULATED) {
  const all = SMALL * ACCUMULATED
  const stream = random(7, 'test', 'pictures', update)
  const size = 3 * SIDE * SIDE
  const values = Float32Array.from({ length: all * size }, () => stream.normal())
  const labels = Array.from({ length: all }, () => stream.integer(CLASSES))
  return {
    images: float32([count, 3, SIDE, SIDE], values.slice(from * size, (from + count) * size)),
    labels: int32([count], labels.slice(from, from + count)),
  }
}

const rateOf = (update: number) => 0.05 / (update + 1)
const programOf = (optimizer: OptimizerSettings, accumulates: boolean) =>
  trainingProgram(model, { batchSize: accumulates ? SMALL : SMALL * ACCUMULATED, optimizer, accumulates })
const startOf = ({ average }: OptimizerSettings): Tensors => {
  const state = initialState(model, 1)
  return average === undefined ? state : withAverages(state, parameters)
}

async function opened(engine: Engine, program: Program, state: Tensors): Promise<Executable> {
  const executable = await engine.compile(program, { threads: 1 })
  await executable.writeState(state)
  return executable
}

/** Runs one of the small batches, by its number since the beginning. */
async function step(executable: Executable, program: Program, n: number): Promise<void> {
  const turn = turnOf({ epoch: 0, batch: n, batchesPerEpoch: UPDATES * ACCUMULATED }, ACCUMULATED)
  const batch = pictures(turn.update, (n % ACCUMULATED) * SMALL, SMALL)
  const inputs = stepInputs(program, { ...batch, rate: rateOf(turn.update), step: n, turn })
  await executable.run(inputs)
}

describe.each([referenceEngine(), ...testedEngines])('engine $name', (engine) => {
  it.each(optimizers)(
    '%s: small batches make the update of one that is as large as all of them',
    async (_, optimizer) => {
      const large = programOf(optimizer, false)
      const whole = await engine.compile(large, { threads: 1 })
      await whole.writeState(startOf(optimizer))
      for (let update = 0; update < UPDATES; update++)
        await whole.run(stepInputs(large, { ...pictures(update), rate: rateOf(update), step: update }))

      const program = programOf(optimizer, true)
      const parts = await opened(engine, program, startOf(optimizer))
      const before = await parts.readState()
      for (let n = 0; n < UPDATES * ACCUMULATED; n++) {
        await step(parts, program, n)
        // Until the last of them nothing but the sums has changed, not by a bit.
        if (n !== ACCUMULATED - 2) continue
        const { sums, others } = split(await parts.readState())
        expect(others).toEqual(split(before).others)
        for (const [name, { data }] of Object.entries(sums))
          expect(Math.max(...data.map(Math.abs)), name).toBeGreaterThan(0)
      }
      const { sums, others } = split(await parts.readState())
      const expected = await whole.readState()
      expect(Object.keys(others).sort()).toEqual(Object.keys(expected).sort())
      for (const [name, tensor] of Object.entries(expected))
        expect(relativeDifference(others[name], tensor), name).toBeLessThan(2e-5)
      for (const { data } of Object.values(sums)) expect(data.every((value) => value === 0)).toBe(true)
      await whole.dispose()
      await parts.dispose()
    },
  )

  it.each(optimizers)('%s: goes on exactly from a state between two batches of an update', async (_, optimizer) => {
    const program = programOf(optimizer, true)
    const whole = await opened(engine, program, startOf(optimizer))
    for (let n = 0; n < 4; n++) await step(whole, program, n)
    const resumed = await opened(engine, program, await whole.readState())
    for (let n = 4; n < 7; n++) for (const each of [whole, resumed]) await step(each, program, n)
    expect(await resumed.readState()).toEqual(await whole.readState())
    await whole.dispose()
    await resumed.dispose()
  })
})

/** The sums of the gradients, and all else. */
function split(state: Tensors): { sums: Tensors; others: Tensors } {
  const sums = new Set(parameters.map(accumulatedName))
  const part = (isSum: boolean) =>
    Object.fromEntries(Object.entries(state).filter(([name]) => sums.has(name) === isSum))
  return { sums: part(true), others: part(false) }
}
