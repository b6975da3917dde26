import type { Node } from './node.js'
import type { Program } from './program.js'

/** Which nodes read each node. */
export function usersOf(program: Program): ReadonlyMap<Node, readonly Node[]> {
  const users = new Map<Node, Node[]>(program.nodes.map((node) => [node, []]))
  for (const node of program.nodes) for (const input of node.inputs) users.get(input)!.push(node)
  return users
}

/** The nodes whose values must outlast the program's arithmetic: outputs, gradients, and the next values of the state. */
export function resultsOf({ outputs, gradients = {}, state }: Program): ReadonlySet<Node> {
  const next = Object.values(state).flatMap(({ next }) => (next ? [next] : []))
  return new Set([...Object.values(outputs), ...Object.values(gradients), ...next])
}
