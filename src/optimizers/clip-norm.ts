import * as z from 'zod'
import type { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { clipFactor, sumOfSquares } from '../graph/ops/gradient-norm.js'
import { linearCombination } from '../graph/ops/linear-combination.js'

export const clipNormSchema = z
  .number()
  .positive()
  .optional()
  .describe('Shortens the gradient of all parameters together to this length where it is longer.')

/**
 * Clipping by the global norm (Pascanu, Mikolov, Bengio 2013), as torch.nn.utils.clip_grad_norm_ does it: all gradients
 * are taken for one vector, and where that is longer than `maxNorm` it is shortened to it.
 *
 * @returns The factor (a scalar) that every gradient is to be multiplied by.
 */
export function clippingFactor(graph: GraphBuilder, gradients: readonly Node[], maxNorm: number): Node {
  const one = graph.constant(1)
  const squares = gradients.map((gradient) => [one, graph.add(sumOfSquares, [gradient], {})] as const)
  return graph.add(clipFactor, [graph.add(linearCombination, squares.flat(), {})], { maxNorm })
}
