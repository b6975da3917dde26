import type { InputNode, Node } from './node.js'
import { dropUnused, type Program } from './program.js'

/**
 * The program with other nodes in the place of some, and all that reads them rewired.
 *
 * @param replace Is asked for each node in order; undefined: the node stays. `now` gives what stands in the place of an
 *   earlier node; a new node must read such nodes alone, and keep the shape and type of the old one.
 */
export function rewrite(
  program: Program,
  replace: (node: Node, now: (node: Node) => Node) => Node | undefined,
): Program {
  const replaced = new Map<Node, Node>()
  const now = (node: Node): Node => replaced.get(node) ?? node
  const nodes = program.nodes.map((node) => {
    const inputs = node.inputs.map(now)
    const rewired = inputs.some((input, i) => input !== node.inputs[i]) ? { ...node, inputs } : node
    const next = replace(node, now) ?? rewired
    if (next !== node) replaced.set(node, next)
    return next
  })
  const named = <N extends Node>(record: Readonly<Record<string, Node>>) =>
    Object.fromEntries(Object.entries(record).map(([name, node]) => [name, now(node) as N]))
  return {
    ...program,
    nodes,
    inputs: named<InputNode>(program.inputs),
    state: Object.fromEntries(
      Object.entries(program.state).map(([name, { current, next }]) => [name, { current, next: next && now(next) }]),
    ),
    outputs: named(program.outputs),
    ...(program.gradients && { gradients: named(program.gradients) }),
  }
}

/**
 * The program with inputs, under names of their own, in the place of all nodes of some kind. What was computed for them
 * alone is dropped.
 *
 * @param nameOf The name of the input that stands for a node; undefined: the node stays.
 */
export function givenInstead(program: Program, nameOf: (node: Node) => string | undefined): Program {
  const inputs: Record<string, InputNode> = { ...program.inputs }
  const changed = rewrite(program, (node) => {
    const name = nameOf(node)
    if (name === undefined) return undefined
    const input: InputNode = { ...node, op: 'input', inputs: [], attributes: { name } }
    inputs[name] = input
    return input
  })
  return dropUnused({ ...changed, inputs })
}
