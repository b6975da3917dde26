import { expect, it, vi } from 'vitest'
import { createModel } from '../../models/catalogue.js'
import { inferenceProgram } from '../../programs/inference-program.js'
import { trainingProgram } from '../../programs/training-program.js'
import type { CompileOptions, Engine } from '../engine.js'
import { referenceEngine } from '../reference/reference-engine.js'
import { type AutoEngineOptions, autoEngine, type EngineTime } from './auto-engine.js'
import { measureProgram } from './measure-program.js'
import { programKey } from './program-key.js'

const named = (name: string, precisions: Engine['precisions'] = ['float32']): Engine => ({
  ...referenceEngine(),
  name,
  precisions,
})
const first = { engine: named('a', ['float32', 'bfloat16']), found: 'A 1.0' }
const b = { engine: named('b'), found: 'B 2.0' }
const find = vi.fn(async (): Promise<typeof b | undefined> => b)
const model = createModel('80sec')
const training = trainingProgram(model, { batchSize: 2 })
const inference = inferenceProgram(model, 2)
const single = inferenceProgram(model, 1)

const timesOf = (a: number, b: number, found = 'B 2.0'): Record<string, EngineTime> => ({
  a: { found: 'A 1.0', milliseconds: a },
  b: { found, milliseconds: b },
})

function memory(known?: Record<string, EngineTime>) {
  const kept: Record<string, Readonly<Record<string, EngineTime>>> = {}
  const recall = (key: string) => kept[key] ?? known
  return { kept, recall, keep: (learnt: typeof kept) => void Object.assign(kept, learnt) }
}

/** b evaluates faster, a trains faster. */
const measure = vi.fn(async (engine: Engine, { update }: { readonly update?: unknown }, _options: CompileOptions) =>
  (engine.name === 'b') === (update === undefined) ? 10 : 15,
)

function auto(options: Partial<AutoEngineOptions> = {}) {
  measure.mockClear()
  find.mockClear()
  const rivals = [{ name: 'b', find }]
  return autoEngine({ first, rivals, times: memory(), threads: 2, measures: true, measure, ...options })
}

it('takes for each program what is measured to be faster, says why, and measures once', async () => {
  const told: string[] = []
  const engine = auto({ onComparing: ({ name }, engines) => told.push(`${name}: ${engines}`) })
  expect(await engine.choose(training)).toMatchObject({
    engine: { name: 'a' },
    reason: 'A 1.0, measured here: 1.50 times as fast as b',
  })
  expect(await engine.choose(inference)).toMatchObject({ engine: { name: 'b' } })
  await engine.choose(trainingProgram(model, { batchSize: 2, seed: 7 }))
  expect(measure).toHaveBeenCalledTimes(4)
  expect(told).toEqual(['80sec training: a,b', '80sec inference: a,b'])
})

it('remembers, while the versions are the same', async () => {
  const times = memory()
  await auto({ times }).choose(inference)
  expect(Object.values(times.kept)).toEqual([timesOf(15, 10)])
  expect(await auto({ times }).choose(inference)).toMatchObject({ engine: { name: 'b' } })
  expect(measure).not.toHaveBeenCalled()
  await auto({ times: memory(timesOf(15, 10, 'B 1.9')) }).choose(inference)
  expect(measure).toHaveBeenCalledTimes(2)
})

it('what is over in a moment takes the first, or what is remembered; a single picture the first in any case', async () => {
  const engine = auto({ measures: false })
  expect(await engine.choose(inference)).toMatchObject({ engine: { name: 'a' } })
  expect(find).not.toHaveBeenCalled()
  const knowing = auto({ measures: false, times: memory(timesOf(2, 1)) })
  expect(await knowing.choose(inference)).toMatchObject({ engine: { name: 'b' } })
  expect(await knowing.choose(single)).toMatchObject({ engine: { name: 'a' } })
  expect(measure).not.toHaveBeenCalled()
})

it('a precision that one engine has is computed by that one', async () => {
  const engine = auto()
  expect(engine.precisions).toEqual(['float32', 'bfloat16'])
  expect(await engine.choose(inference, { precision: 'bfloat16' })).toMatchObject({ engine: { name: 'a' } })
  expect(measure).not.toHaveBeenCalled()
})

it('a rival that cannot run here is none', async () => {
  const choice = await auto({ rivals: [{ name: 'b', find: async () => undefined }] }).choose(inference)
  expect(choice).toMatchObject({ engine: { name: 'a' }, reason: 'A 1.0, presumably the fastest here' })
})

it('what one engine cannot run is left to the other, and is not remembered', async () => {
  const times = memory()
  const failing = async (engine: Engine) => {
    if (engine.name === 'b') throw new Error('too large')
    return 10
  }
  const choice = await auto({ times, measure: failing }).choose(inference)
  expect(choice).toMatchObject({ engine: { name: 'a' }, reason: 'A 1.0, the only one here that can' })
  expect(times.kept).toEqual({})
  const broken = auto({ measure: () => Promise.reject(new Error('neither')) })
  await expect(broken.choose(inference)).rejects.toThrow('neither')
})

it('is measured without what a program is to do to gradients, or to tell of its time', async () => {
  const asked = { threads: 1, profile: true, gradientTreatment: 'file:///sum.js', choices: {} }
  await auto().choose(training, asked)
  for (const [, , options] of measure.mock.calls) expect(options).toEqual({ threads: 1, precision: undefined })
})

it('what an executable was chosen for is among its choices, and stays when they are given back', async () => {
  const executable = await auto().compile(inference)
  expect(Object.values(executable.choices!)).toEqual(['b'])
  for (const options of [{ times: memory(timesOf(1, 2)) }, { measures: false }]) {
    const resumed = await auto(options).choose(inference, { threads: 2, choices: executable.choices })
    expect(resumed).toMatchObject({ engine: { name: 'b' }, reason: 'B 2.0, as before' })
  }
})

it('the key of a program tells batches, threads, precisions and networks apart, and no seeds', () => {
  const keys = [
    programKey(inference, { threads: 2 }),
    programKey(single, { threads: 2 }),
    programKey(inference, { threads: 1 }),
    programKey(inference, { threads: 2, precision: 'bfloat16' }),
    programKey(inferenceProgram(createModel('80sec', {}, { width: 0.5 }), 2), { threads: 2 }),
    programKey(training, { threads: 2 }),
  ]
  expect(new Set(keys).size).toBe(keys.length)
  expect(programKey(trainingProgram(model, { batchSize: 2, seed: 9 }), { threads: 2 })).toBe(
    programKey(training, { threads: 2 }),
  )
})

it('a measurement is the time of a run that is not the first', async () => {
  const engine: Engine = {
    ...referenceEngine(),
    async compile(program, options) {
      const executable = await referenceEngine().compile(program, options)
      let runs = 0
      return {
        ...executable,
        readState: (names) => executable.readState(names),
        writeState: (state) => executable.writeState(state),
        timings: () => executable.timings(),
        dispose: () => executable.dispose(),
        async run() {
          if (runs++ === 0) await new Promise((resolve) => setTimeout(resolve, 1200))
          return {}
        },
      }
    },
  }
  const time = await measureProgram(engine, single, {})
  expect(time).toBeLessThan(600)
})
