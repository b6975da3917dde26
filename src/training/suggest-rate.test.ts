import { describe, expect, it } from 'vitest'
import { readGolden } from '../../tests/support/golden.js'
import { suggestedRates } from './suggest-rate.js'

interface Case {
  readonly name: string
  readonly steps: number
  readonly rates: readonly number[]
  readonly losses: readonly number[]
  readonly smoothed: readonly number[]
  readonly valley: number
  readonly steep: number
}

const pointsOf = (rates: readonly number[], smoothed: readonly number[]) =>
  rates.map((rate, n) => ({ rate, loss: smoothed[n], smoothed: smoothed[n] }))

describe('suggestedRates', () => {
  it.each(readGolden<Case>('lr-find').cases)(
    'suggests what fastai does: $name',
    ({ steps, rates, smoothed, ...expected }) => {
      const suggested = suggestedRates(pointsOf(rates, smoothed), steps)
      expect(suggested?.valley).toBeCloseTo(expected.valley, 9)
      expect(suggested?.steep).toBeCloseTo(expected.steep, 9)
    },
  )

  it('suggests nothing where the loss has not fallen, nor of a few steps', () => {
    const rates = Array.from({ length: 100 }, (_, i) => 1e-6 * 1.17 ** i)
    const flat = rates.map((_, i) => 2 - 0.00001 * i)
    expect(suggestedRates(pointsOf(rates, flat), 100)).toBeUndefined()
    const falling = rates.map((_, i) => 2 - 0.01 * i)
    expect(suggestedRates(pointsOf(rates.slice(0, 19), falling.slice(0, 19)), 100)).toBeUndefined()
    expect(suggestedRates(pointsOf(rates.slice(0, 20), falling.slice(0, 20)), 100)).toBeDefined()
  })
})
