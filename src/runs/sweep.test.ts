import { describe, expect, it } from 'vitest'
import { combinationsOf, ranked, type SweepResult, seedGroups } from './sweep.js'

it('takes every combination, the last list fastest', () => {
  const lists = [
    { key: 'a', values: [1, 2] },
    { key: 'b', values: ['x', 'y', 'z'] },
  ]
  expect(combinationsOf(lists).map(({ a, b }) => `${a}${b}`)).toEqual(['1x', '1y', '1z', '2x', '2y', '2z'])
})

const metrics = (top1: number, loss: number) => ({ top1, top5: 1, loss, images: 10 })
const result = (name: string, top1: number, loss: number): SweepResult => {
  return { name, epochs: 1, seconds: 1, validation: metrics(top1, loss), test: metrics(1 - top1, 9) }
}
const run = (name: string, settings: Record<string, unknown>) => ({ name, settings })

describe('the order of runs', () => {
  const runs = ['a', 'b', 'c', 'd', 'e'].map((name) => run(name, {}))
  const failed = { name: 'c', failed: { code: 'diverged', message: 'no' }, epochs: 0, seconds: 1 }
  it('is that of the validation accuracy, then of the loss; what failed is last, what is not done is left out', () => {
    const results = [result('a', 0.5, 1), result('b', 0.5, 0.9), failed, result('d', 0.75, 3)]
    expect(ranked(runs, results).map(({ name }) => name)).toEqual(['d', 'b', 'a', 'c'])
  })

  it('is that of the test where nothing is held out', () => {
    const tested = [0.1, 0.3].map((top1, i) => ({ name: 'ab'[i], epochs: 1, seconds: 1, test: metrics(top1, 1) }))
    expect(ranked(runs, tested).map(({ name }) => name)).toEqual(['b', 'a'])
  })
})

describe('runs that differ in their seed alone', () => {
  const names = ['a', 'b', 'c', 'd']
  const runs = names.map((name, i) => run(name, { rate: i < 2 ? 1 : 2, 'training.seed': i % 2 }))

  it('give means, and deviations with n - 1', () => {
    const results = names.map((name, i) => result(name, [0.5, 0.7, 0.8, 0.9][i], [1, 3, 1, 1][i]))
    const [best, other] = seedGroups(ranked(runs, results))
    expect(best).toMatchObject({ settings: { rate: 2 }, runs: 2, loss: { mean: 1, deviation: 0 } })
    expect(other.settings).toEqual({ rate: 1 })
    expect(other.accuracy.mean).toBeCloseTo(0.6, 12)
    expect(other.accuracy.deviation).toBeCloseTo(Math.sqrt(0.02), 12)
    expect(other.loss.deviation).toBeCloseTo(Math.sqrt(2), 12)
  })

  it('have no deviation where only one came to its end', () => {
    const results = [result('a', 0.5, 1), { ...result('b', 0, 0), validation: undefined, test: undefined }]
    expect(seedGroups(ranked(runs, results))).toEqual([
      { settings: { rate: 1 }, runs: 1, accuracy: { mean: 0.5 }, loss: { mean: 1 } },
    ])
  })

  it('are no groups where no seeds were listed', () => {
    expect(seedGroups(ranked([run('a', { rate: 1 })], [result('a', 1, 1)]))).toEqual([])
  })
})
