import { readFileSync } from 'node:fs'
import { type Shape, sizeOf, type Tensor } from '../../src/tensor.js'
import { relativeDifference } from './closeness.js'

/** A tensor of the golden files, given by the formula that `fill` computes. */
export interface TensorSpec {
  readonly shape: Shape
  readonly seed: number
  readonly scale: number
  readonly offset: number
  /** Whole numbers. */
  readonly round?: boolean
}

/** What a golden file holds of a large tensor: `sample[k]` is element `k * stride`, `norm` the l2 norm. */
export interface Summary {
  readonly length: number
  readonly sum: number
  readonly norm: number
  readonly stride: number
  readonly sample: readonly number[]
}

/** A golden file; its fields are described at the head of the script that made it. */
export interface GoldenFile<Case> {
  readonly formulaCheck: { readonly spec: TensorSpec; readonly values: readonly number[] }
  readonly cases: readonly Case[]
}

/** Reads `tests/golden/<name>.json`. */
export function readGolden<Case>(
  name: 'operators' | 'updates' | 'loss' | 'batch-norm' | 'models' | 'transforms' | 'schedules' | 'colours' | 'lr-find',
): GoldenFile<Case> {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'))
}

/**
 * The tensor that a specification names. Its elements are float32 numbers held as float64: engines of float32
 * take them by `rounded`.
 */
export function fill({ shape, seed, scale, offset, round }: TensorSpec): Tensor<'float64'> {
  const data = new Float64Array(sizeOf(shape))
  for (let i = 0; i < data.length; i++) {
    let h = (Math.imul(i, 2654435761) + Math.imul(seed, 2246822519)) >>> 0
    h = Math.imul(h ^ (h >>> 15), 2246822519) >>> 0
    h = (h ^ (h >>> 13)) >>> 0
    const value = offset + scale * ((h / 2 ** 32) * 2 - 1)
    data[i] = round ? Math.floor(value + 0.5) : Math.fround(value)
  }
  return { dtype: 'float64', shape, data }
}

/**
 * How far a tensor is from the golden one: the largest error of an element relative to the largest value (of a summary:
 * to the largest of the sample, or the typical value where that is larger), of the norm relative to the norm, and of the
 * sum relative to norm · √length, since a sum may cancel.
 */
export function goldenDifference(actual: Pick<Tensor, 'data'>, expected: readonly number[] | Summary): number {
  if (!('sample' in expected)) return relativeDifference(actual, { data: Float64Array.from(expected) })
  const { length, sum, norm, stride, sample } = expected
  if (actual.data.length !== length) return Number.POSITIVE_INFINITY
  let actualSum = 0
  let squares = 0
  for (const value of actual.data) {
    actualSum += value
    squares += value * value
  }
  const typical = Math.max(norm / Math.sqrt(length), 1e-12)
  const scale = Math.max(typical, ...sample.map(Math.abs))
  return Math.max(
    ...sample.map((value, k) => Math.abs(actual.data[k * stride] - value) / scale),
    Math.abs(actualSum - sum) / (typical * length),
    Math.abs(Math.sqrt(squares) - norm) / (typical * Math.sqrt(length)),
  )
}
