import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { ALIGNMENT, planMemory, spansOf } from './memory-plan.js'

it('shares memory between spans of different times', () => {
  const plan = planMemory([
    { bytes: 640, first: 0, last: 1 },
    { bytes: 640, first: 2, last: 3 },
    { bytes: 64, first: 1, last: 2 },
  ])
  expect(plan).toEqual({ offsets: [0, 0, 640], bytes: 704 })
})

it('never lets two spans of one time overlap', () => {
  const span = fc.record({ bytes: fc.nat(1000), first: fc.nat(20), length: fc.nat(5) })
  fc.assert(
    fc.property(fc.array(span, { maxLength: 30 }), (drawn) => {
      const spans = drawn.map(({ bytes, first, length }) => ({ bytes, first, last: first + length }))
      const { offsets, bytes } = planMemory(spans)
      spans.forEach((a, i) => {
        expect(offsets[i] % ALIGNMENT).toBe(0)
        expect(offsets[i] + a.bytes).toBeLessThanOrEqual(bytes)
        spans.slice(0, i).forEach((b, j) => {
          const together = a.first <= b.last && b.first <= a.last
          const apart = offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i]
          expect(!together || apart).toBe(true)
        })
      })
    }),
  )
})

it('finds when each piece of memory is needed', () => {
  const [a, b, kept] = [{ bytes: 1 }, { bytes: 2 }, { bytes: 3 }]
  const spans = spansOf([[a], [a, b], [kept], [b]], (memory) => memory === kept)
  expect([...spans]).toEqual([
    [a, { bytes: 1, first: 0, last: 1 }],
    [b, { bytes: 2, first: 1, last: 3 }],
    [kept, { bytes: 3, first: 0, last: 4 }],
  ])
})
