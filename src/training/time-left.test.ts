import { expect, it } from 'vitest'
import { Speed } from './speed.js'
import { TimeLeft } from './time-left.js'

/** A training of 3 epochs of 10 steps of 8 pictures, and 24 to evaluate after each. */
function begun() {
  const speed = new Speed()
  const left = new TimeLeft({ epochs: 3, batchesPerEpoch: 10, batchSize: 8, evaluated: 24, speed })
  const step = (...ends: number[]) => {
    for (const end of ends) {
      speed.count(8, 0, end)
      left.onStep(end)
    }
  }
  return { speed, left, step }
}

it('is not known before some seconds are measured, the first step not counted', () => {
  const { left, step } = begun()
  step(60_000, 61_000, 62_000)
  expect(left.at({ epoch: 0, batch: 3 })).toBeUndefined()
  step(63_000)
  // 26 steps of a second, and three evaluations of 24 pictures, each a third of a step's time for 24.
  expect(left.at({ epoch: 0, batch: 4 })).toBeCloseTo(26 + 3)
})

it('has the end of the last epoch for each that comes: evaluation and checkpoint', () => {
  const { left, speed, step } = begun()
  step(0, 1000, 2000, 3000, 4000)
  left.onEpoch(9000)
  speed.goOn(9000)
  expect(left.at({ epoch: 1, batch: 0 })).toBeCloseTo(20 + 2 * 5)
  step(10_000)
  expect(left.at({ epoch: 1, batch: 1 })).toBeCloseTo(19 + 2 * 5)
})

it('is known at once of quick steps, and follows a machine that slows down', () => {
  const { left, step } = begun()
  step(...Array.from({ length: 33 }, (_, n) => n))
  expect(left.at({ epoch: 0, batch: 0 })).toBeCloseTo(0.03 + 0.003)
  const slow = Array.from({ length: 70 }, (_, n) => 32 + 1000 * (n + 1))
  step(...slow)
  expect(left.at({ epoch: 0, batch: 0 })).toBeCloseTo(30 + 3, 1)
})
