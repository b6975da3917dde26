import type { Node } from './node.js'
import { allInputs, allState, gradientInput, type Program } from './program.js'

/** A program and its update as one graph, for engines that run both in one piece. */
export interface JoinedProgram {
  /** Without an update of its own: its nodes come last, and read the gradients themselves. */
  readonly program: Program
  /** The gradients at the seam, by their parameters' names. */
  readonly gradients: Readonly<Record<string, Node>>
  /** The nodes behind the seam. */
  readonly update: ReadonlySet<Node>
}

/** Joins a program with its update: inputs and states of one name become one node. */
export function joinUpdate(program: Program): JoinedProgram {
  const { update, gradients = {} } = program
  if (!update) return { program, gradients, update: new Set() }
  const known = new Map<string, Node>([
    ...Object.entries(gradients).map(([name, node]) => [`input ${gradientInput(name)}`, node] as const),
    ...Object.entries(program.inputs).map(([name, node]) => [`input ${name}`, node] as const),
    ...Object.entries(program.state).map(([name, { current }]) => [`state ${name}`, current] as const),
  ])
  const first = Math.max(-1, ...program.nodes.map(({ id }) => id)) + 1
  const joined = new Map<Node, Node>()
  const added: Node[] = []
  for (const node of update.nodes) {
    const own = node.inputs.length === 0 ? known.get(`${node.op} ${node.attributes.name}`) : undefined
    const here = own ?? { ...node, id: first + node.id, inputs: node.inputs.map((input) => joined.get(input)!) }
    joined.set(node, here)
    if (!own) added.push(here)
  }
  const here = <N extends Node>(node: N): N => (joined.get(node) as N | undefined) ?? node
  const { update: _, gradients: __, ...rest } = program
  return {
    program: {
      ...rest,
      nodes: [...program.nodes, ...added],
      inputs: mapValues(allInputs(program), here),
      state: mapValues(allState(program), ({ current, next }) => ({
        current: here(current),
        next: next && here(next),
      })),
    },
    gradients,
    update: new Set(added),
  }
}

function mapValues<V>(record: Readonly<Record<string, V>>, change: (value: V) => V): Record<string, V> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
