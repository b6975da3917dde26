import { expect, it } from 'vitest'
import { histogramOf } from './histogram.js'

it('sorts values into thirty buckets of equal width', () => {
  const { limits, buckets, ...rest } = histogramOf(Float32Array.from([-3, 0, 0, 1, 2.75, 3]))
  expect(rest).toEqual({ min: -3, max: 3, count: 6, sum: 3.75, sumOfSquares: 9 + 1 + 2.75 ** 2 + 9 })
  expect(limits).toHaveLength(30)
  expect(limits[0]).toBeCloseTo(-2.8, 12)
  expect(limits[29]).toBe(3)
  expect(buckets.flatMap((count, i) => (count > 0 ? [[i, count]] : []))).toEqual([
    [0, 1],
    [15, 2],
    [20, 1],
    [28, 1],
    [29, 1],
  ])
})

it('has one bucket for values that are all the same, and none for what is no number', () => {
  expect(histogramOf(Float32Array.from([0, 0, 0]))).toMatchObject({
    min: 0,
    max: 0,
    count: 3,
    limits: [0],
    buckets: [3],
  })
  expect(histogramOf(Float32Array.from([Number.NaN, 2, Number.POSITIVE_INFINITY]))).toMatchObject({ count: 1, sum: 2 })
  expect(histogramOf(Float32Array.from([Number.NaN]))).toMatchObject({ count: 0, limits: [0], buckets: [0] })
})
