import { expect, it } from 'vitest'
import { Tuner } from './tuner.js'

const slow = { name: 'slow' }
const fast = { name: 'fast' }
const run = ({ name }: { name: string }) => (name === 'fast' ? 1 : 10)
const never = () => {
  throw new Error('nothing is to be measured')
}

function memoryOf(known: Record<string, string>) {
  return {
    known,
    recall: (key: string) => known[key],
    keep: (learnt: Readonly<Record<string, string>>) => void Object.assign(known, learnt),
  }
}

it('measures, remembers and records', () => {
  const memory = memoryOf({})
  let told = 0
  const tuner = new Tuner({ memory, budget: 1000, onMeasuring: () => told++ })
  expect(tuner.choose('a', [slow, fast], run)).toBe(fast)
  expect(tuner.choose('b', [slow, fast], run)).toBe(fast)
  expect(tuner.choose('a', [slow, fast], never)).toBe(fast)
  tuner.finish()
  expect(memory.known).toEqual({ a: 'fast', b: 'fast' })
  expect(tuner.choices).toEqual({ a: 'fast', b: 'fast' })
  expect(told).toBe(1)
})

it('does not measure what it remembers', () => {
  const tuner = new Tuner({ memory: memoryOf({ a: 'fast' }), budget: 1000 })
  expect(tuner.choose('a', [slow, fast], never)).toBe(fast)
})

it('measures anew what no longer exists', () => {
  const memory = memoryOf({ a: 'gone' })
  const tuner = new Tuner({ memory, recorded: { a: 'gone as well' }, budget: 1000 })
  expect(tuner.choose('a', [slow, fast], run)).toBe(fast)
  tuner.finish()
  expect(memory.known).toEqual({ a: 'fast' })
})

it('keeps to what was recorded, against what it remembers and also where nothing is measured', () => {
  for (const budget of [0, 1000]) {
    const tuner = new Tuner({ memory: memoryOf({ a: 'fast' }), recorded: { a: 'slow' }, budget })
    expect(tuner.choose('a', [fast, slow], never)).toBe(slow)
    expect(tuner.choices).toEqual({ a: 'slow' })
  }
})

it('takes the first where nothing is to be measured, and records that', () => {
  const tuner = new Tuner({ memory: memoryOf({ a: 'fast' }), budget: 0 })
  expect(tuner.choose('a', [slow, fast], never)).toBe(slow)
  expect(tuner.choices).toEqual({ a: 'slow' })
})

it('takes the first once its time is spent, and does not remember that', () => {
  const memory = memoryOf({})
  let now = 0
  const tuner = new Tuner({ memory, budget: 15, clock: () => now })
  const timed = (candidate: { name: string }) => {
    now += 10
    return run(candidate)
  }
  expect(tuner.choose('a', [slow, fast], timed)).toBe(fast)
  expect(tuner.choose('b', [slow, fast], timed)).toBe(slow)
  tuner.finish()
  expect(memory.known).toEqual({ a: 'fast' })
})

it('has nothing to say where there is no choice', () => {
  const tuner = new Tuner({ budget: 1000 })
  expect(tuner.choose('a', [slow], never)).toBe(slow)
  expect(tuner.choices).toEqual({})
})
