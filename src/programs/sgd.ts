import * as z from 'zod'
import type { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { linearCombination } from '../graph/ops/linear-combination.js'
import { product } from '../graph/ops/product.js'
import type { Parameter } from '../models/layers/layer.js'

/**
 * Stochastic gradient descent with momentum μ and weight decay λ, at the rate ε. g is the gradient, v the velocity.
 *
 * - `paper` (Krizhevsky, Sutskever, Hinton 2012, section 5; the authors' code):
 *   v ← μ·v − ε·λ·w − ε·g,  w ← w + v
 * - `pytorch` (torch.optim.SGD):
 *   v ← μ·v + λ·w + g,      w ← w − ε·v
 *
 * At a constant rate both give the same weights. They differ when the rate drops: the paper's velocity was made at the
 * old rate and keeps its size, PyTorch's is scaled down at once. With multipliers, ε and λ are the parameter's own.
 */
export const sgdSchema = z.strictObject({
  momentum: z.number().min(0).lt(1),
  weightDecay: z.number().min(0),
  rule: z.enum(['paper', 'pytorch']),
})

export type Sgd = z.infer<typeof sgdSchema>

/** The name of a parameter's velocity in the state. */
export const velocityName = (parameter: string): string => `velocity:${parameter}`

/** Adds one parameter's update to a graph; returns its next value and that of its velocity. `rate` is a scalar node. */
export function sgdUpdate(
  graph: GraphBuilder,
  { momentum, weightDecay, rule }: Sgd,
  parameter: Parameter,
  { weight, velocity, gradient, rate }: { weight: Node; velocity: Node; gradient: Node; rate: Node },
): { weight: Node; velocity: Node } {
  const one = graph.constant(1)
  const decay = weightDecay * parameter.decay
  const rateTimes = (factor: number) => graph.add(product, [rate, graph.constant(factor)], {})
  const combine = (...terms: (readonly [Node, Node])[]) => graph.add(linearCombination, terms.flat(), {})

  if (rule === 'paper') {
    const decayTerm = decay > 0 ? [[rateTimes(-parameter.rate * decay), weight] as const] : []
    const v = combine([graph.constant(momentum), velocity], ...decayTerm, [rateTimes(-parameter.rate), gradient])
    return { velocity: v, weight: combine([one, weight], [one, v]) }
  }
  const decayTerm = decay > 0 ? [[graph.constant(decay), weight] as const] : []
  const v = combine([graph.constant(momentum), velocity], ...decayTerm, [one, gradient])
  return { velocity: v, weight: combine([one, weight], [rateTimes(-parameter.rate), v]) }
}
