import type { InputNode, Node, StateNode } from './node.js'

/** A value that lives from step to step, and the node that computes its next value (undefined: it never changes). */
export interface StateVariable {
  readonly current: StateNode
  readonly next: Node | undefined
}

/**
 * A closed graph: one step of work. An engine reads the inputs, computes the outputs and advances the state. It is
 * plain data, and each engine runs the same program.
 */
export interface Program {
  readonly name: string
  /** In topological order: a node comes after its inputs. */
  readonly nodes: readonly Node[]
  readonly inputs: Readonly<Record<string, InputNode>>
  readonly state: Readonly<Record<string, StateVariable>>
  readonly outputs: Readonly<Record<string, Node>>
}

/** The same program without the nodes, and without the inputs, that contribute to no output and no state. */
export function dropUnused(program: Program): Program {
  const used = new Set<Node>()
  const visit = (node: Node) => {
    const pending = [node]
    while (pending.length > 0) {
      const n = pending.pop()!
      if (used.has(n)) continue
      used.add(n)
      pending.push(...n.inputs)
    }
  }
  for (const node of Object.values(program.outputs)) visit(node)
  for (const { current, next } of Object.values(program.state)) {
    visit(current)
    if (next) visit(next)
  }
  return {
    ...program,
    nodes: program.nodes.filter((node) => used.has(node)),
    inputs: Object.fromEntries(Object.entries(program.inputs).filter(([, node]) => used.has(node))),
  }
}
