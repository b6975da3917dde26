import { expect, it } from 'vitest'
import { fastest } from './fastest.js'

/** Runs that take the given times, one after the other; the last one again and again. */
function runs(times: Readonly<Record<string, readonly number[]>>) {
  const counts: Record<string, number> = {}
  const run = (name: string) => {
    const count = counts[name] ?? 0
    counts[name] = count + 1
    return times[name][Math.min(count, times[name].length - 1)]
  }
  return { run, counts }
}

it('takes the fastest', () => {
  expect(fastest(['a', 'b', 'c'], runs({ a: [10], b: [5], c: [7] }).run)).toBe('b')
})

it('stays with the first, unless another is clearly faster', () => {
  expect(fastest(['a', 'b'], runs({ a: [10], b: [9.2] }).run)).toBe('a')
  expect(fastest(['a', 'b'], runs({ a: [10], b: [8.8] }).run)).toBe('b')
})

it('runs what is clearly slower only once', () => {
  const { run, counts } = runs({ a: [100], b: [300], c: [95] })
  fastest(['a', 'b', 'c'], run)
  expect(counts.b).toBe(1)
  expect(counts.a).toBeGreaterThan(1)
})

it('counts the best of several runs: the first is a cold one', () => {
  expect(fastest(['a', 'b'], runs({ a: [10], b: [12, 6] }).run)).toBe('b')
})

it('runs long work twice at most', () => {
  const { run, counts } = runs({ a: [1000], b: [990] })
  fastest(['a', 'b'], run)
  expect(counts).toEqual({ a: 2, b: 2 })
})
