import { expect, it } from 'vitest'
import { turnOf, updatesPerEpoch } from './accumulation.js'

const turnsOf = (batchesPerEpoch: number, accumulate: number, epoch = 0) =>
  Array.from({ length: batchesPerEpoch }, (_, batch) => turnOf({ epoch, batch, batchesPerEpoch }, accumulate))

it('what is left at the end of an epoch makes an update of its own', () => {
  expect(turnsOf(5, 2)).toEqual([
    { update: 0, batches: 2, isLast: false },
    { update: 0, batches: 2, isLast: true },
    { update: 1, batches: 2, isLast: false },
    { update: 1, batches: 2, isLast: true },
    { update: 2, batches: 1, isLast: true },
  ])
  expect(turnsOf(5, 2, 1)[0].update).toBe(updatesPerEpoch(5, 2))
})

it('more batches than an epoch has make one update', () => {
  expect(turnsOf(3, 8)).toEqual([false, false, true].map((isLast) => ({ update: 0, batches: 3, isLast })))
})

it('a batch by itself is an update', () => {
  expect(turnsOf(2, 1, 3)).toEqual([6, 7].map((update) => ({ update, batches: 1, isLast: true })))
})
