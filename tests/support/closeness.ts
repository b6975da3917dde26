import type { Tensor } from '../../src/tensor.js'

/** The largest difference between two tensors, relative to the largest value of the second (at least 1e-12). */
export function relativeDifference(actual: Pick<Tensor, 'data'>, expected: Pick<Tensor, 'data'>): number {
  if (actual.data.length !== expected.data.length) return Number.POSITIVE_INFINITY
  let difference = 0
  let largest = 1e-12
  for (let i = 0; i < expected.data.length; i++) {
    if (Number.isNaN(actual.data[i])) return Number.NaN
    difference = Math.max(difference, Math.abs(actual.data[i] - expected.data[i]))
    largest = Math.max(largest, Math.abs(expected.data[i]))
  }
  return difference / largest
}
