import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { pathOf, readValue, withValue } from './key.js'

const kinds = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('drops'), at: z.array(z.int().positive()).min(1), factor: z.number().default(0.1) }),
  z.strictObject({ kind: z.literal('steps'), every: z.int().positive(), factor: z.number().default(0.1) }),
])

const schema = z.strictObject({
  name: z.string().optional(),
  rate: z.number().positive(),
  shift: z.boolean().optional(),
  neurons: z.enum(['relu', 'tanh']).optional(),
  schedule: kinds.default({ kind: 'none' }),
  factors: z.record(z.string(), z.number()).optional(),
  chain: z.array(kinds).default([]),
})

const read = (key: string, text: string) => readValue(schema, pathOf(schema, key), text)
const set = (data: unknown, key: string, text: string) => withValue(schema, data, pathOf(schema, key), read(key, text))

describe('the path of a key', () => {
  it.each([
    ['rate', ['rate']],
    ['schedule.every', ['schedule', 'every']],
    ['chain.0.at.1', ['chain', '0', 'at', '1']],
    ['factors.features.0', ['factors', 'features.0']],
  ])('%s', (key, path) => {
    expect(pathOf(schema, key)).toEqual(path)
  })

  it.each([
    ['rat', "there is no key 'rat'", "Did you mean 'rate'?"],
    ['schedule.factr', "there is no key 'schedule.factr'", "Did you mean 'factor'?"],
    ['rate.x', "there is no key 'rate.x'", 'rate has no keys.'],
    ['chain.first', "there is no key 'chain.first'", ''],
    ['', "there is no key ''", 'Known: name, rate'],
    ['constructor', "there is no key 'constructor'", ''],
  ])('%s: %s', (key, message, hint) => {
    expect(() => pathOf(schema, key)).toThrow(
      expect.objectContaining({ code: 'unknown-name', message, hint: expect.stringContaining(hint) }),
    )
  })
})

describe('a typed value', () => {
  it.each([
    ['rate', '2e-2', 0.02],
    ['shift', 'false', false],
    ['neurons', 'tanh', 'tanh'],
    ['name', '1e3', '1e3'],
    ['name', 'a: [b', 'a: [b'],
    ['schedule', '{kind: steps, every: 3}', { kind: 'steps', every: 3 }],
    ['schedule.at', '[8, 9]', [8, 9]],
    ['schedule.kind', 'steps', 'steps'],
    ['factors', 'features: 0', { features: 0 }],
    ['factors.features.0', '0.5', 0.5],
    ['rate', '', undefined],
  ])('%s=%s', (key, text, value) => {
    expect(read(key, text)).toEqual(value)
  })

  it.each([
    ['rate', 'fast', "rate: expected a number above 0, got 'fast'"],
    ['rate', '-1', 'rate: expected a number above 0, got -1'],
    ['rate', '[1', "rate: expected a number above 0, got '[1'"],
    ['shift', 'yes', "shift: expected true or false, got 'yes'"],
    ['neurons', 'sigmoid', "neurons: expected relu or tanh, got 'sigmoid'"],
    ['schedule.kind', 'step', "schedule.kind: expected none, drops or steps, got 'step'"],
    ['schedule.at', '[8, 0]', 'schedule.at.1: expected a whole number of at least 1, got 0'],
    ['schedule.at', '[]', 'schedule.at: expected a list of at least 1, got []'],
    ['schedule', 'steps', "schedule: expected keys with values, got 'steps'"],
    ['schedule', '{kind: steps}', 'schedule.every: expected a whole number of at least 1, got nothing'],
  ])('%s=%s: %s', (key, text, message) => {
    expect(() => read(key, text)).toThrow(expect.objectContaining({ code: 'invalid-setting', message }))
  })
})

describe('data with another value', () => {
  const data = { rate: 1, schedule: { kind: 'drops', at: [8], factor: 0.5 }, chain: [{ kind: 'none' }] }

  it('is changed at one place, and not in itself', () => {
    const before = structuredClone(data)
    expect(set(data, 'rate', '2')).toEqual({ ...data, rate: 2 })
    expect(set(data, 'schedule.at', '[1, 2]')).toEqual({ ...data, schedule: { ...data.schedule, at: [1, 2] } })
    expect(set(data, 'factors.a.b', '2')).toEqual({ ...data, factors: { 'a.b': 2 } })
    expect(set(data, 'chain.0', '{kind: steps, every: 1}')).toEqual({ ...data, chain: [{ kind: 'steps', every: 1 }] })
    expect(data).toEqual(before)
  })

  it('loses a key that is set to nothing', () => {
    expect(set(data, 'schedule.factor', '')).toEqual({ ...data, schedule: { kind: 'drops', at: [8] } })
    expect(set(data, 'name', '')).toEqual(data)
  })

  it('of another kind keeps what that kind has too', () => {
    expect(set(data, 'schedule.kind', 'steps')).toEqual({ ...data, schedule: { kind: 'steps', factor: 0.5 } })
  })

  it.each([
    [
      'schedule.every',
      '3',
      "schedule of kind 'drops' has no key 'every'",
      'It belongs to steps: set schedule.kind first.',
    ],
    [
      'chain.0.factor',
      '3',
      "chain.0 of kind 'none' has no key 'factor'",
      'It belongs to drops or steps: set chain.0.kind',
    ],
    ['chain.1.factor', '3', 'there is no chain.1: the list has 1 entries', ''],
  ])('%s=%s: %s', (key, text, message, hint) => {
    expect(() => set(data, key, text)).toThrow(expect.objectContaining({ message }))
    if (hint)
      expect(() => set(data, key, text)).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }))
  })
})
