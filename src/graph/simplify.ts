import type { Node } from './node.js'
import { maxPool2dGradient } from './ops/max-pool2d.js'
import { reluGradient } from './ops/relu.js'
import type { Program } from './program.js'
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
  const replaced = new Map<Node, Node>()
  const now = (node: Node): Node => replaced.get(node) ?? node
  const nodes: Node[] = []
  for (const node of program.nodes) {
    const gate = gateAfter(node, users, results)
    if (gate) {
      // The gate takes this place, and the pooling's gradient the gate's place, which the loop comes to later.
      const [, pooled, gradient] = node.inputs
      const early: Node = {
        ...gate,
        id: node.id,
        shape: gradient.shape,
        inputs: [now(gradient), now(pooled)],
      }
      replaced.set(node, early)
      nodes.push(early)
      continue
    }
    const [pooling] = node.inputs
    const early = node.op === reluGradient.name ? replaced.get(pooling) : undefined
    const inputs = node.inputs.map(now)
    const next =
      early && pooling.op === maxPool2dGradient.name
        ? { ...pooling, id: node.id, inputs: [now(pooling.inputs[0]), now(pooling.inputs[1]), early] }
        : inputs.some((input, i) => input !== node.inputs[i])
          ? { ...node, inputs }
          : node
    if (next !== node) replaced.set(node, next)
    nodes.push(next)
  }
  return {
    ...program,
    nodes,
    state: Object.fromEntries(
      Object.entries(program.state).map(([name, { current, next }]) => [name, { current, next: next && now(next) }]),
    ),
    outputs: mapValues(program.outputs, now),
    ...(program.gradients && { gradients: mapValues(program.gradients, now) }),
  }
}

function mapValues(nodes: Readonly<Record<string, Node>>, change: (node: Node) => Node): Record<string, Node> {
  return Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, change(node)]))
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
