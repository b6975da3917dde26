import { expect, it } from 'vitest'
import type { StartLine, TimingLine } from './lines.js'
import { stepTimes } from './step-times.js'

const at = (seconds: number) => new Date(1000 * seconds).toISOString()
const start = (step: number, seconds: number): StartLine => ({
  ...{ kind: 'start', epoch: 0, step, at: at(seconds) },
  ...{ engine: 'onnx', precision: 'float32', threads: 1 },
  machine: { processor: 'one', threads: 1, memoryGiB: 1, system: 'any', node: '20' },
})
const epoch = (number: number, step: number, seconds: number): TimingLine => ({
  ...{ kind: 'epoch', epoch: number, step, seconds: 1, imagesPerSecond: 1, at: at(seconds) },
})

it('spreads steps evenly between starts and ends of epochs', () => {
  const timeOf = stepTimes([start(0, 100), epoch(1, 10, 120), start(15, 500), epoch(2, 20, 510), start(20, 900)])
  expect([0, 5, 10].map(timeOf)).toEqual([100_000, 110_000, 120_000])
  // A run that went on at step 15: what the steps before it took is not known, and they are put before it.
  expect([15, 18, 20].map(timeOf)).toEqual([500_000, 506_000, 510_000])
  expect(timeOf(12)).toBe(500_000)
  // Nothing tells of the third epoch's end.
  expect(timeOf(25)).toBe(900_000)
  expect(stepTimes([])(3)).toBeUndefined()
})
