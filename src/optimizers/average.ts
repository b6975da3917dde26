import * as z from 'zod'
import type { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { linearCombination } from '../graph/ops/linear-combination.js'
import type { Tensor, Tensors } from '../tensor.js'

export const averageSchema = z
  .number()
  .min(0)
  .lt(1)
  .optional()
  .describe('Keeps an exponential moving average of the parameters with this decay (0.999, say), and evaluates by it.')

const isAverage = (name: string): boolean => name.startsWith(averageName(''))

/** The name of a parameter's average in the state: `average:features.0.weight`. */
export const averageName = (parameter: string): string => `average:${parameter}`

/**
 * The exponential moving average of a parameter: a ← d·a + (1 − d)·w, with the w of after the step (Polyak averaging;
 * torch.optim.swa_utils). It begins as the parameter itself.
 */
export function nextAverage(graph: GraphBuilder, decay: number, average: Node, weight: Node): Node {
  return graph.add(linearCombination, [graph.constant(decay), average, graph.constant(1 - decay), weight], {})
}

/** The state with averages of the named parameters: those that have none yet begin as the parameters are now. */
export function withAverages(state: Tensors, parameters: readonly string[]): Tensors {
  const fresh = parameters.filter((name) => !Object.hasOwn(state, averageName(name)))
  return { ...state, ...Object.fromEntries(fresh.map((name) => [averageName(name), state[name]])) }
}

/** The state without averages: what is used is then the parameters as they are. */
export function withoutAverages(state: Tensors): Tensors {
  return Object.fromEntries(Object.entries(state).filter(([name]) => !isAverage(name)))
}

/** The state with the averages in the place of the parameters, where there are any, and without them elsewhere. */
export function averaged(state: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(state).flatMap(([name, tensor]): [string, Tensor][] =>
      isAverage(name) ? [] : [[name, state[averageName(name)] ?? tensor]],
    ),
  )
}
