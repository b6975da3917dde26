import { expect, it } from 'vitest'
import { int32 } from '../tensor.js'
import { checkLoss, lossTargets } from './loss.js'

it('the targets of a mixed, smoothed and weighted batch follow from the formula', () => {
  const batch = { labels: int32([3], [0, 1, 1]), mix: { share: 0.75 } }
  const { shape, data } = lossTargets(batch, 2, { labelSmoothing: 0.2, classWeights: [4, 1] })
  // N / Σ w is 3 / 6; smoothing leaves 0.8 + 0.2/2 of a label.
  const half = (a: number, b: number) => [0.5 * 4 * a, 0.5 * b]
  const expected = [half(0.9 * 0.75 + 0.1 * 0.25, 0.1 * 0.75 + 0.9 * 0.25), half(0.1, 0.9), half(0.3, 0.7)].flat()
  expect(shape).toEqual([3, 2])
  for (const [i, value] of expected.entries()) expect(data[i]).toBeCloseTo(value, 6)
})

it.each([
  [{ labelSmoothing: 1 }, 'the label smoothing must be a number of at least 0 and below 1, got 1'],
  [{ labelSmoothing: Number.NaN }, 'got NaN'],
  [{ classWeights: [1, 2] }, 'expected a weight for each of 3 classes, got 2'],
  [{ classWeights: [1, 2, 0] }, 'the weight of a class must be a number above 0, got 0'],
])('%j is no loss', (loss, message) => {
  expect(() => checkLoss(loss, 3)).toThrow(message)
})
