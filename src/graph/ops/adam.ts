import { expectDType, expectShape, floats, type Operator } from '../operator.js'

/**
 * The moments of Adam (Kingma and Ba 2015, algorithm 1) begin at zero, and are too small at first by the factor
 * 1 − βᵗ, where t is 1 in the first step: step (int32, a scalar, from 0) → that factor.
 */
export const biasCorrection: Operator<{ readonly beta: number }> = {
  name: 'biasCorrection',
  float32: 'all',
  infer([step]) {
    expectDType('biasCorrection', 'a step', step, 'int32')
    expectShape('biasCorrection', 'a step', step, [])
    return floats([])
  },
  evaluate({ attributes: { beta } }, [step], y) {
    y[0] = 1 - beta ** (step[0] + 1)
  },
}

/**
 * The direction of an Adam step, element by element: m / (√(v/c) + ε), of the first moment m, the second moment v (one
 * shape) and the bias correction c of v (a scalar). It comes out as PyTorch computes it: the correction of m goes into the
 * rate.
 */
export const adamDirection: Operator<{ readonly epsilon: number }> = {
  name: 'adamDirection',
  elementwise: true,
  float32: 'all',
  infer([m, v, correction]) {
    expectShape('adamDirection', 'a second moment', v, m.shape)
    expectShape('adamDirection', 'a bias correction', correction, [])
    return floats(m.shape)
  },
  evaluate({ attributes: { epsilon } }, [m, v, correction], y) {
    for (let i = 0; i < y.length; i++) y[i] = m[i] / (Math.sqrt(v[i] / correction[0]) + epsilon)
  },
}

/** a / b, two scalars: the rate over the bias correction of the first moment. */
export const quotient: Operator<Readonly<Record<string, never>>> = {
  name: 'quotient',
  float32: 'all',
  infer([a, b]) {
    expectShape('quotient', 'a scalar', a, [])
    expectShape('quotient', 'a scalar', b, [])
    return floats([])
  },
  evaluate(_node, [a, b], y) {
    y[0] = a[0] / b[0]
  },
}
