import type { Tensor } from '../../tensor.js'

/** How values are distributed: what TensorBoard draws. */
export interface Histogram {
  readonly min: number
  readonly max: number
  readonly count: number
  readonly sum: number
  readonly sumOfSquares: number
  /** The upper end of each bucket; the last is `max`. */
  readonly limits: readonly number[]
  /** Values in each bucket. */
  readonly buckets: readonly number[]
}

/** As many as TensorFlow's `tf.summary.histogram` makes. */
const BUCKETS = 30

/** Sorts values into buckets of equal width. Values that are no numbers are not counted. */
export function histogramOf(values: Tensor['data']): Histogram {
  let [min, max, count, sum, sumOfSquares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isFinite(value)) continue
    if (value < min) min = value
    if (value > max) max = value
    count++
    sum += value
    sumOfSquares += value * value
  }
  if (count === 0) return { min: 0, max: 0, count: 0, sum: 0, sumOfSquares: 0, limits: [0], buckets: [0] }
  if (min === max) return { min, max, count, sum, sumOfSquares, limits: [max], buckets: [count] }
  const buckets = new Float64Array(BUCKETS)
  const width = (max - min) / BUCKETS
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (Number.isFinite(value)) buckets[Math.min(BUCKETS - 1, Math.floor((value - min) / width))]++
  }
  const limits = Array.from({ length: BUCKETS }, (_, i) => (i === BUCKETS - 1 ? max : min + (i + 1) * width))
  return { min, max, count, sum, sumOfSquares, limits, buckets: [...buckets] }
}
