import { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { linearCombination } from '../graph/ops/linear-combination.js'
import { gradientInput, type Program } from '../graph/program.js'
import type { Parameter } from '../models/layers/layer.js'
import { averageName, nextAverage } from '../optimizers/average.js'
import { clippingFactor } from '../optimizers/clip-norm.js'
import { type Optimizer, optimizerOf, slotName } from '../optimizers/index.js'

/**
 * What a step's gradients do to the parameters, as a program. Inputs: a gradient for each of `parameters`
 * (`gradientInput`), `rate` (ε, a scalar) and, for optimizers that count, `step` (int32, a scalar, from 0). State: the
 * parameters, what the optimizer keeps of them, and their averages where these are asked for.
 *
 * @param parameters Those that learn.
 */
export function updateProgram(name: string, parameters: readonly Parameter[], optimizer: Optimizer): Program {
  const graph = new GraphBuilder(`${name} update`)
  const rate = graph.input('rate', [])
  const step = graph.input('step', [], 'int32')
  const definition = optimizerOf(optimizer)
  const next: Record<string, Node> = {}
  graph.within('update', () => {
    const gradients = treatedGradients(graph, parameters, optimizer)
    parameters.forEach((parameter, i) => {
      const { name, shape } = parameter
      const weight = graph.state(name, shape)
      const state = Object.fromEntries(
        definition.slots.map((slot) => [slot, graph.state(slotName(slot, name), shape)] as const),
      )
      const updated = definition.update(optimizer, {
        graph,
        parameter,
        weight,
        gradient: gradients[i],
        state,
        rate,
        step,
      })
      for (const slot of definition.slots) next[slotName(slot, name)] = updated.state[slot]
      next[name] = updated.weight
      if (optimizer.average !== undefined) {
        const average = graph.state(averageName(name), shape)
        next[averageName(name)] = nextAverage(graph, optimizer.average, average, updated.weight)
      }
    })
  })
  return graph.program({ outputs: {}, next })
}

/** The gradients as they come in, clipped where that is asked for. */
function treatedGradients(graph: GraphBuilder, parameters: readonly Parameter[], { clipNorm }: Optimizer): Node[] {
  const gradients = parameters.map(({ name, shape }) => graph.input(gradientInput(name), shape))
  if (clipNorm === undefined) return gradients
  const factor = clippingFactor(graph, gradients, clipNorm)
  return gradients.map((gradient) => graph.add(linearCombination, [factor, gradient], {}))
}
