import type { Node } from '../../graph/node.js'
import { operatorOf } from '../../graph/ops/index.js'
import type { Program } from '../../graph/program.js'
import { resultsOf, usersOf } from '../../graph/users.js'

/**
 * Who still has to read what, while the nodes of a program are planned one after the other. `Memory` is whatever an
 * engine keeps values in, one object a piece; several nodes may share one (a view, a result in its operand's place).
 */
export class Liveness<Memory> {
  /** The nodes that read each node. */
  readonly users: ReadonlyMap<Node, readonly Node[]>
  /** The nodes whose values must outlast the step. */
  readonly results: ReadonlySet<Node>
  /** How often each node will still be read by nodes that are not planned yet. */
  private readonly pending: Map<Node, number>
  private readonly holders = new Map<Memory, Set<Node>>()

  constructor(program: Program) {
    this.users = usersOf(program)
    this.results = resultsOf(program)
    this.pending = new Map([...this.users].map(([node, users]) => [node, users.length]))
  }

  /** Says that a node's value lies in this memory, perhaps among others. */
  hold(node: Node, memory: Memory): void {
    const holders = this.holders.get(memory) ?? new Set()
    this.holders.set(memory, holders.add(node))
  }

  /** To be called when a node has been planned: it will read its inputs no more. */
  finish(node: Node): void {
    for (const input of node.inputs) this.pending.set(input, this.pending.get(input)! - 1)
  }

  /** Whether nobody but `by`, which is being planned, will read what lies in the memory. */
  isReadLast(memory: Memory, by: Node): boolean {
    return [...(this.holders.get(memory) ?? [])].every((holder) => {
      const own = by.inputs.filter((input) => input === holder).length
      return !this.results.has(holder) && this.pending.get(holder)! - own <= 0
    })
  }

  /** Whether `by`, which is being planned, may write its result over what it reads in the memory. */
  mayOverwrite(memory: Memory, by: Node): boolean {
    return operatorOf(by)?.elementwise === true && this.isReadLast(memory, by)
  }

  /** The one node that reads a value which is needed for nothing else: the two may be done as one. */
  onlyReader(node: Node): Node | undefined {
    const [reader, ...others] = this.users.get(node)!
    return others.length > 0 || this.results.has(node) ? undefined : reader
  }
}
