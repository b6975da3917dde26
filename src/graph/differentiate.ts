import { AlexNetError } from '../errors.js'
import type { GraphBuilder } from './builder.js'
import type { Node } from './node.js'
import { linearCombination } from './ops/linear-combination.js'

/**
 * Reverse-mode differentiation: adds the nodes that compute the gradient of a scalar `loss` with respect to each of
 * `targets`, and returns them in that order.
 *
 * The nodes are visited from the loss backwards. When one is reached, all who use it have been visited, so its gradient
 * is complete: the sum of what each user's gradient rule contributed (the chain rule).
 *
 * @throws AlexNetError `invalid-program` when the loss is no scalar or does not depend on a target.
 */
export function differentiate(graph: GraphBuilder, loss: Node, targets: readonly Node[]): Node[] {
  if (loss.shape.length > 0)
    throw new AlexNetError('invalid-program', `only a scalar can be differentiated, got ${loss.shape.join('×')}`)
  const nodes = graph.allNodes().slice(0, loss.id + 1)

  // Only nodes that depend on a target carry a gradient: none is computed for the pictures or the labels.
  const carries = new Set<Node>(targets)
  for (const node of nodes) if (node.inputs.some((input) => carries.has(input))) carries.add(node)

  const contributions = new Map<Node, Node[]>([[loss, [graph.constant(1)]]])
  const gradients = new Map<Node, Node>()
  for (const node of nodes.toReversed()) {
    const terms = contributions.get(node)
    if (!terms || !carries.has(node)) continue
    graph.within(node.scope, () => {
      const gradient = sum(graph, terms)
      gradients.set(node, gradient)
      if (node.inputs.length === 0) return
      const rule = graph.operatorOf(node)?.gradient
      if (!rule) throw new AlexNetError('invalid-program', `${node.op} has no gradient rule`)
      const wanted = node.inputs.map((input) => carries.has(input))
      const inputGradients = rule(graph, node, gradient, wanted)
      node.inputs.forEach((input, i) => {
        const contribution = inputGradients[i]
        if (wanted[i] && contribution) contributions.set(input, [...(contributions.get(input) ?? []), contribution])
      })
    })
  }

  return targets.map((target) => {
    const gradient = gradients.get(target)
    if (!gradient)
      throw new AlexNetError('invalid-program', `the loss does not depend on node %${target.id} (${target.op})`)
    return gradient
  })
}

function sum(graph: GraphBuilder, terms: readonly Node[]): Node {
  if (terms.length === 1) return terms[0]
  const one = graph.constant(1)
  return graph.add(
    linearCombination,
    terms.flatMap((term) => [one, term]),
    {},
  )
}
