import { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { linearCombination } from '../graph/ops/linear-combination.js'
import { gradientInput, type Program } from '../graph/program.js'
import type { Parameter } from '../models/layers/layer.js'
import { accumulatedName, accumulation } from '../optimizers/accumulation.js'
import { averageName, nextAverage } from '../optimizers/average.js'
import { clippingFactor } from '../optimizers/clip-norm.js'
import { type Optimizer, optimizerOf, slotName } from '../optimizers/index.js'

export interface UpdateProgramOptions {
  /** The mean of several batches makes one update: see `accumulation`. Default: each batch makes its own. */
  readonly accumulates?: boolean
}

/**
 * What a step's gradients do to the parameters, as a program. Inputs: a gradient for each of `parameters`
 * (`gradientInput`), `rate` (ε, a scalar) and, for optimizers that count, `step` (int32, a scalar, from 0); where gradients
 * are accumulated, `share` and `last`, and `update` in the place of `step`. State: the parameters, what the optimizer keeps
 * of them, their averages where these are asked for, and the sums of what is accumulated.
 *
 * @param parameters Those that learn.
 */
export function updateProgram(
  name: string,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
  { accumulates = false }: UpdateProgramOptions = {},
): Program {
  const graph = new GraphBuilder(`${name} update`)
  const rate = graph.input('rate', [])
  const step = graph.input(accumulates ? 'update' : 'step', [], 'int32')
  const definition = optimizerOf(optimizer)
  const next: Record<string, Node> = {}
  graph.within('update', () => {
    const inputs = parameters.map(({ name, shape }) => graph.input(gradientInput(name), shape))
    const accumulated = accumulates ? accumulation(graph) : undefined
    const settled = accumulated?.settled ?? ((_: Node, updated: Node) => updated)
    const gradientOf = treatedGradients(graph, parameters, optimizer, (i) => {
      if (!accumulated) return inputs[i]
      const { mean, sum } = accumulated.add(parameters[i], inputs[i])
      next[accumulatedName(parameters[i].name)] = sum
      return mean
    })
    parameters.forEach((parameter, i) => {
      const { name, shape } = parameter
      const weight = graph.state(name, shape)
      const state = Object.fromEntries(
        definition.slots.map((slot) => [slot, graph.state(slotName(slot, name), shape)] as const),
      )
      const gradient = gradientOf(i)
      const updated = definition.update(optimizer, { graph, parameter, weight, gradient, state, rate, step })
      for (const slot of definition.slots) next[slotName(slot, name)] = settled(state[slot], updated.state[slot])
      next[name] = settled(weight, updated.weight)
      if (optimizer.average !== undefined) {
        const average = graph.state(averageName(name), shape)
        next[averageName(name)] = settled(average, nextAverage(graph, optimizer.average, average, updated.weight))
      }
    })
  })
  return graph.program({ outputs: {}, next })
}

/**
 * The gradients as the update takes them: as they come, clipped where that is asked for.
 *
 * @param gradientOf Adds the gradient of a parameter, by its place, to the graph. Where nothing has to know all of them, it
 * is called just before the parameter's own update, so that an engine can do both in one pass over memory.
 */
function treatedGradients(
  graph: GraphBuilder,
  parameters: readonly Parameter[],
  { clipNorm }: Optimizer,
  gradientOf: (i: number) => Node,
): (i: number) => Node {
  if (clipNorm === undefined) return gradientOf
  const gradients = parameters.map((_, i) => gradientOf(i))
  const factor = clippingFactor(graph, gradients, clipNorm)
  const clipped = gradients.map((gradient) => graph.add(linearCombination, [factor, gradient], {}))
  return (i) => clipped[i]
}
