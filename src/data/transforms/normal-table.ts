import type { RandomStream } from '../../random.js'

const SIZE = 65536

/** The quantiles of the normal distribution at (i + ½) / 65536. Made when they are first needed: 256 KB. */
let quantiles: Float32Array | undefined

/**
 * Fills `target` with `count` numbers of the normal distribution with mean 0 and deviation 1, for noise on pictures:
 * each takes 16 bits of the stream, which choose among 65,536 equally probable quantiles. The largest is ±4.3, the
 * deviation is right to 10⁻⁴, and it is many times faster than exact numbers.
 */
export function fillNormal(target: Float32Array, count: number, stream: RandomStream): void {
  quantiles ??= makeQuantiles()
  for (let i = 0; i < count; i += 2) {
    const word = stream.uint32()
    target[i] = quantiles[word & 0xffff]
    if (i + 1 < count) target[i + 1] = quantiles[word >>> 16]
  }
}

function makeQuantiles(): Float32Array {
  const table = new Float32Array(SIZE)
  for (let i = 0; i < SIZE / 2; i++) {
    const value = -upperQuantile((i + 0.5) / SIZE)
    table[i] = value
    table[SIZE - 1 - i] = -value
  }
  return table
}

/**
 * The x that is exceeded with probability p ≤ ½: Abramowitz and Stegun, 26.2.23; its error is below 4.5 · 10⁻⁴.
 */
function upperQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p))
  return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
}
