import { expectShape, floats, type Operator } from '../operator.js'

/** Σ x², over all elements of a value of any shape: a scalar. The sum over all gradients is the square of their norm. */
export const sumOfSquares: Operator<Readonly<Record<string, never>>> = {
  name: 'sumOfSquares',
  float32: 'all',
  infer: () => floats([]),
  evaluate(_node, [x], y) {
    let sum = 0
    for (let i = 0; i < x.length; i++) sum += x[i] * x[i]
    y[0] = sum
  },
}

/**
 * What shortens a vector whose squares sum to s to a length of `maxNorm`, and leaves a shorter one as it is:
 * min(1, maxNorm / (√s + 1e-6)), a scalar. The small number is that of torch.nn.utils.clip_grad_norm_.
 */
export const clipFactor: Operator<{ readonly maxNorm: number }> = {
  name: 'clipFactor',
  float32: 'all',
  infer([squares]) {
    expectShape('clipFactor', 'a sum of squares', squares, [])
    return floats([])
  },
  evaluate({ attributes: { maxNorm } }, [squares], y) {
    y[0] = Math.min(1, maxNorm / (Math.sqrt(squares[0]) + 1e-6))
  },
}
