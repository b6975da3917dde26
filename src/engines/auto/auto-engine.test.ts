import { expect, it, vi } from 'vitest'
import { createModel } from '../../models/catalogue.js'
import { inferenceProgram } from '../../programs/inference-program.js'
import { trainingProgram } from '../../programs/training-program.js'
import type { Engine } from '../engine.js'
import { referenceEngine } from '../reference/reference-engine.js'
import { type AutoEngineOptions, autoEngine, type EngineTimes } from './auto-engine.js'
import { measureProgram } from './measure-program.js'
import { programKey } from './program-key.js'

const named = (name: string, precisions: Engine['precisions'] = ['float32']): Engine => ({
  ...referenceEngine(),
  name,
  precisions,
})
const candidates = [
  { engine: named('a', ['float32', 'bfloat16']), found: 'A 1.0' },
  { engine: named('b'), found: 'B 2.0' },
]
const model = createModel('80sec')
const training = trainingProgram(model, { batchSize: 2 })
const inference = inferenceProgram(model, 2)
const single = inferenceProgram(model, 1)

function memory(): EngineTimes & { readonly kept: Record<string, Readonly<Record<string, number>>> } {
  const kept: Record<string, Readonly<Record<string, number>>> = {}
  return { kept, recall: (key) => kept[key], keep: (learnt) => Object.assign(kept, learnt) }
}

/** b evaluates faster, a trains faster. */
const measure = vi.fn(async (engine: Engine, { update }: { readonly update?: unknown }) =>
  (engine.name === 'b') === (update === undefined) ? 10 : 15,
)

function auto(options: Partial<AutoEngineOptions> = {}) {
  measure.mockClear()
  return autoEngine({ candidates, times: memory(), measures: true, measure, ...options })
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

it('remembers', async () => {
  const times = memory()
  await auto({ times }).choose(inference)
  expect(Object.values(times.kept)).toEqual([{ a: 15, b: 10 }])
  const later = auto({ times })
  expect(await later.choose(inference)).toMatchObject({ engine: { name: 'b' } })
  expect(measure).not.toHaveBeenCalled()
})

it('what is over in a moment takes the first, or what is remembered; a single picture the first in any case', async () => {
  const engine = auto({ measures: false })
  expect(await engine.choose(inference)).toMatchObject({ engine: { name: 'a' } })
  const times = { recall: () => ({ a: 2, b: 1 }), keep: () => {} }
  const knowing = auto({ measures: false, times })
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

it('what an executable was chosen for is among its choices, and stays when they are given back', async () => {
  const first = await auto().compile(inference)
  expect(Object.values(first.choices!)).toEqual(['b'])
  const times = { recall: () => ({ a: 1, b: 2 }), keep: () => {} }
  const resumed = await auto({ times }).choose(inference, { choices: first.choices })
  expect(resumed).toMatchObject({ engine: { name: 'b' }, reason: 'B 2.0, as before' })
})

it('the key of a program tells batches, threads, precisions and networks apart, and no seeds', () => {
  const keys = [
    programKey(inference, {}),
    programKey(single, {}),
    programKey(inference, { threads: 1 }),
    programKey(inference, { precision: 'bfloat16' }),
    programKey(inferenceProgram(createModel('80sec', {}, { width: 0.5 }), 2), {}),
    programKey(training, {}),
  ]
  expect(new Set(keys).size).toBe(keys.length)
  expect(programKey(trainingProgram(model, { batchSize: 2, seed: 9 }), {})).toBe(programKey(training, {}))
})

it('a measurement is a time of a run', async () => {
  const time = await measureProgram(referenceEngine(), single, {})
  expect(time).toBeGreaterThan(0)
})
