import * as z from 'zod'
import { adamDirection, biasCorrection, quotient } from '../graph/ops/adam.js'
import { product } from '../graph/ops/product.js'
import { arithmetic, type OptimizerDefinition } from './optimizer.js'

const share = z.number().min(0).lt(1)

/** Checks the settings of AdamW; what is left out is its default. */
export const adamwSchema = z.strictObject({
  kind: z.literal('adamw'),
  beta1: share.default(0.9).describe('The share β₁ of the first moment, the mean of the gradient, that is kept.'),
  beta2: share.default(0.999).describe('The share β₂ of the second moment, the mean of its square, that is kept.'),
  epsilon: z.number().positive().default(1e-8).describe('ε, which keeps the step finite where there is no gradient.'),
  weightDecay: z.number().min(0).default(0.01).describe('λ: each step also shrinks the weights by rate · λ.'),
})

export type AdamW = z.infer<typeof adamwSchema>

/**
 * Adam with the decay of the weights apart from the gradient (Loshchilov and Hutter 2019), as torch.optim.AdamW computes
 * it. g is the gradient, m and v its moments, η the rate, t the number of the step from 1:
 *
 *     w ← w − η·λ·w
 *     m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²
 *     w ← w − η/(1 − β₁ᵗ) · m / (√(v/(1 − β₂ᵗ)) + ε)
 */
export const adamw: OptimizerDefinition<AdamW, 'moment1' | 'moment2'> = {
  schema: adamwSchema,
  slots: ['moment1', 'moment2'],

  update({ beta1, beta2, epsilon, weightDecay }, step) {
    const { graph, parameter, weight, gradient, state } = step
    const { number, combine, rateTimes } = arithmetic(step)
    const decay = weightDecay * parameter.decay
    const m = combine([number(beta1), state.moment1], [number(1 - beta1), gradient])
    const square = graph.add(product, [gradient, gradient], {})
    const v = combine([number(beta2), state.moment2], [number(1 - beta2), square])
    const correction = (beta: number) => graph.add(biasCorrection, [step.step], { beta })
    const direction = graph.add(adamDirection, [m, v, correction(beta2)], { epsilon })
    const stepSize = graph.add(quotient, [rateTimes(-1), correction(beta1)], {})
    const shrunk = decay > 0 ? [[rateTimes(-decay), weight] as const] : []
    return {
      weight: combine([number(1), weight], ...shrunk, [stepSize, direction]),
      state: { moment1: m, moment2: v },
    }
  },

  lastChange({ beta1, beta2, epsilon, weightDecay }, { weight, state: { moment1, moment2 }, rate, decay, step }) {
    const stepSize = rate / (1 - beta1 ** (step + 1))
    const correction = 1 - beta2 ** (step + 1)
    // w is what it was shrunk to, so what it lost follows from what is left.
    const shrink = rate * weightDecay * decay
    return (i) => {
      const change = -stepSize * (moment1[i] / (Math.sqrt(moment2[i] / correction) + epsilon))
      return change - ((weight[i] - change) / (1 - shrink)) * shrink
    }
  },
}
