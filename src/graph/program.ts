import type { InputNode, Node, StateNode } from './node.js'

/** A value that lives from step to step, and the node that computes its next value (undefined: it never changes). */
export interface StateVariable {
  readonly current: StateNode
  readonly next: Node | undefined
}

/**
 * A closed graph: one step of work. An engine reads the inputs, computes the outputs and advances the state. It is
 * plain data, and each engine runs the same program.
 *
 * A program that learns has a seam: it ends in named gradients, and what they do to the parameters is a program of its
 * own, `update`. Between the two all gradients are known and nothing has changed yet: there they can be summed over
 * machines, say. To the outside both are one step: what one runs with is `allInputs`, what it keeps is `allState`.
 */
export interface Program {
  readonly name: string
  /** In topological order: a node comes after its inputs. */
  readonly nodes: readonly Node[]
  readonly inputs: Readonly<Record<string, InputNode>>
  readonly state: Readonly<Record<string, StateVariable>>
  readonly outputs: Readonly<Record<string, Node>>
  /** The gradient of the loss with respect to each parameter that learns, under the parameter's name. */
  readonly gradients?: Readonly<Record<string, Node>>
  /**
   * What follows on the gradients. It reads each as its input `gradientInput(name)`, and other inputs and the state by
   * the names that they have in this program too; states that only it knows (velocities) are its own. It has no outputs.
   */
  readonly update?: Program
}

/** The input of an update that is the gradient of a parameter: `gradient:features.0.weight`. */
export const gradientInput = (parameter: string): string => `gradient:${parameter}`

/** The inputs that a step is given from outside: the program's own and its update's, but for the gradients. */
export function allInputs(program: Program): Readonly<Record<string, InputNode>> {
  if (!program.update) return program.inputs
  const gradients = new Set(Object.keys(program.gradients ?? {}).map(gradientInput))
  const others = Object.entries(program.update.inputs).filter(([name]) => !gradients.has(name))
  return { ...Object.fromEntries(others), ...program.inputs }
}

/**
 * The whole state that a step keeps: the program's own and its update's. Of a state that both know, the update says how
 * it advances.
 */
export function allState(program: Program): Readonly<Record<string, StateVariable>> {
  return program.update ? { ...program.state, ...program.update.state } : program.state
}

/** The same program without the nodes, and without the inputs, that contribute to no output, state or gradient. */
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
  for (const node of [...Object.values(program.outputs), ...Object.values(program.gradients ?? {})]) visit(node)
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
