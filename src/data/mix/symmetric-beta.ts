import type { RandomStream } from '../../random.js'

/**
 * A number of the distribution Beta(α, α), as X / (X + Y) of two numbers of the gamma distribution with the shape α. It is
 * taken from their logarithms: for a small α both are too small for a float64.
 */
export function symmetricBeta(alpha: number, stream: RandomStream): number {
  const x = logGamma(alpha, stream)
  return 1 / (1 + Math.exp(logGamma(alpha, stream) - x))
}

/**
 * The logarithm of a number of the gamma distribution: the method of Marsaglia and Tsang ("A simple method for generating
 * gamma variables", 2000). A shape below 1 is that of shape + 1, times U^(1/shape).
 */
function logGamma(shape: number, stream: RandomStream): number {
  if (shape < 1) return logGamma(shape + 1, stream) + Math.log(1 - stream.uniform()) / shape
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = stream.normal()
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - stream.uniform()) < (x * x) / 2 + d * (1 - v + Math.log(v))) return Math.log(d * v)
  }
}
