import * as z from 'zod'
import { arithmetic, type OptimizerDefinition } from './optimizer.js'

/** Checks the settings of SGD; what is left out is its default. */
export const sgdSchema = z.strictObject({
  kind: z.literal('sgd').default('sgd'),
  momentum: z.number().min(0).lt(1).default(0.9).describe('The share μ of the velocity that is kept.'),
  weightDecay: z.number().min(0).default(5e-4).describe('λ: each step also shrinks the weights by rate · λ.'),
  rule: z
    .enum(['paper', 'pytorch', 'nesterov'])
    .default('pytorch')
    .describe('Where the rate enters: the velocity (paper) or the step (pytorch); nesterov looks ahead.'),
})

export type Sgd = z.infer<typeof sgdSchema>

/**
 * Stochastic gradient descent with momentum μ and weight decay λ, at the rate ε. g is the gradient, v the velocity.
 *
 * - `paper` (Krizhevsky, Sutskever, Hinton 2012, section 5; the authors' code):
 *   v ← μ·v − ε·λ·w − ε·g,  w ← w + v
 * - `pytorch` (torch.optim.SGD):
 *   v ← μ·v + λ·w + g,      w ← w − ε·v
 * - `nesterov` (torch.optim.SGD with nesterov=True; Sutskever et al. 2013):
 *   v ← μ·v + λ·w + g,      w ← w − ε·(λ·w + g + μ·v)
 *
 * At a constant rate the first two give the same weights. They differ when the rate drops: the paper's velocity was made
 * at the old rate and keeps its size, PyTorch's is scaled down at once. With multipliers, ε and λ are the parameter's own.
 */
export const sgd: OptimizerDefinition<Sgd, 'velocity'> = {
  schema: sgdSchema,
  slots: ['velocity'],

  update({ momentum, weightDecay, rule }, step) {
    const { parameter, weight, gradient, state } = step
    const { number, combine, rateTimes } = arithmetic(step)
    const one = number(1)
    const decay = weightDecay * parameter.decay

    if (rule === 'paper') {
      const decayTerm = decay > 0 ? [[rateTimes(-decay), weight] as const] : []
      const v = combine([number(momentum), state.velocity], ...decayTerm, [rateTimes(-1), gradient])
      return { weight: combine([one, weight], [one, v]), state: { velocity: v } }
    }
    const decayTerm = decay > 0 ? [[number(decay), weight] as const] : []
    const v = combine([number(momentum), state.velocity], ...decayTerm, [one, gradient])
    if (rule === 'pytorch') return { weight: combine([one, weight], [rateTimes(-1), v]), state: { velocity: v } }
    const shrunk = decay > 0 ? [[rateTimes(-decay), weight] as const] : []
    return {
      weight: combine([one, weight], ...shrunk, [rateTimes(-1), gradient], [rateTimes(-momentum), v]),
      state: { velocity: v },
    }
  },

  // Nesterov's step holds the gradient too, which is gone.
  lastChange({ rule }, { state: { velocity }, rate }) {
    if (rule === 'nesterov') return undefined
    return rule === 'paper' ? (i) => velocity[i] : (i) => -rate * velocity[i]
  },
}
