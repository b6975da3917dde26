import type { Node } from './node.js'
import { reluGradient } from './ops/activation.js'
import { maxPool2dGradient } from './ops/pooling.js'
import type { Program } from './program.js'
import { rewrite } from './rewrite.js'
import { resultsOf, usersOf } from './users.js'

/**
 * An equal program that costs less: where ReLU is followed by max pooling, its gradient is taken before that of the
 * pooling, on the pooled maps, which are a quarter of the size.
 *
 * With y = relu(x), p = maxPool(y) and g the gradient of p: the pooling's gradient sends each g to a place where y has
 * the value p, and ReLU's gradient then drops it unless y > 0 there. That is the same as dropping it where not p > 0.
 */
export function simplify(program: Program): Program {
  const users = usersOf(program)
  const results = resultsOf(program)
  /** What now takes the place of a pooling's gradient: that of the ReLU, by the ReLU's gradient as it was. */
  const early = new Map<Node, Node>()
  return rewrite(program, (node, now) => {
    const gate = gateAfter(node, users, results)
    if (gate) {
      // The gate takes this place, and the pooling's gradient the gate's place, which is come to later.
      const [, pooled, gradient] = node.inputs
      const gated = { ...gate, id: node.id, shape: gradient.shape, inputs: [now(gradient), now(pooled)] }
      early.set(gate, gated)
      return gated
    }
    const gated = early.get(node)
    if (!gated) return undefined
    const [pooling] = node.inputs
    return { ...pooling, id: node.id, inputs: [now(pooling.inputs[0]), now(pooling.inputs[1]), gated] }
  })
}

/** The ReLU gradient that alone reads a max pooling's gradient, where both belong to the same y. */
function gateAfter(
  node: Node,
  users: ReadonlyMap<Node, readonly Node[]>,
  results: ReadonlySet<Node>,
): Node | undefined {
  if (node.op !== maxPool2dGradient.name || results.has(node)) return undefined
  const readers = users.get(node)!
  const [gate] = readers
  if (readers.length !== 1 || gate.op !== reluGradient.name) return undefined
  return gate.inputs[0] === node && gate.inputs[1] === node.inputs[0] ? gate : undefined
}
