import { AlexNetError } from '../errors.js'
import type { Shape } from '../tensor.js'
import type { Attributes, ConstantNode, InputNode, Node, StateNode, ValueType } from './node.js'
import type { Graph, Operator } from './operator.js'
import { dropUnused, gradientInput, type Program } from './program.js'

/**
 * Builds a graph node by node. Shapes are checked as nodes are added, so a model that does not fit its input fails
 * here, with the layer's name, before anything runs.
 *
 * @example
 * const graph = new GraphBuilder('double')
 * const x = graph.input('x', [2])
 * const program = graph.program({ outputs: { y: graph.add(linearCombination, [graph.constant(2), x], {}) } })
 */
export class GraphBuilder implements Graph {
  private readonly nodes: Node[] = []
  private readonly inputs = new Map<string, InputNode>()
  private readonly states = new Map<string, StateNode>()
  private readonly constants = new Map<number, ConstantNode>()
  private readonly operators = new Map<string, Operator>()
  private scope = ''

  constructor(private readonly name: string) {}

  /** A value that is given anew at every step. */
  input(name: string, shape: Shape, dtype: ValueType['dtype'] = 'float32'): InputNode {
    this.expectNewName(name)
    const node = this.append('input', [], { name }, { shape, dtype })
    this.inputs.set(name, node)
    return node
  }

  /** A float32 value that the engine keeps from step to step. */
  state(name: string, shape: Shape): StateNode {
    this.expectNewName(name)
    const node = this.append('state', [], { name }, { shape, dtype: 'float32' })
    this.states.set(name, node)
    return node
  }

  /** A float32 scalar known now. The same number is the same node. */
  constant(value: number): ConstantNode {
    const known = this.constants.get(value)
    if (known) return known
    const node = this.append('constant', [], { value }, { shape: [], dtype: 'float32' })
    this.constants.set(value, node)
    return node
  }

  /**
   * Applies an operator.
   * @throws AlexNetError `invalid-shape` when the inputs do not fit it.
   */
  add<A extends Attributes>(operator: Operator<A>, inputs: readonly Node[], attributes: A): Node<A> {
    this.operators.set(operator.name, operator as unknown as Operator)
    return this.append(operator.name, inputs, attributes, operator.infer(inputs, attributes))
  }

  /** Names the layer that the nodes added by `build` belong to. */
  within<T>(scope: string, build: () => T): T {
    const outer = this.scope
    this.scope = scope
    try {
      return build()
    } catch (error) {
      if (error instanceof AlexNetError && outer === '')
        throw new AlexNetError(error.code, `${scope}: ${error.message}`, error.hint, { cause: error })
      throw error
    } finally {
      this.scope = outer
    }
  }

  /** The operator that a node of this graph was made by; undefined for a source. */
  operatorOf(node: Node): Operator | undefined {
    return this.operators.get(node.op)
  }

  /** All nodes so far, in topological order. */
  allNodes(): readonly Node[] {
    return this.nodes
  }

  /**
   * Closes the graph: what is computed at each step (`outputs`), how the state advances (`next`: a state without an
   * entry stays as it is), and for a program that learns its seam: the `gradients` by their parameters' names, and the
   * `update` that they are given to. Nodes that contribute to none of these are dropped.
   *
   * @throws AlexNetError `invalid-program` when a next value or an update does not fit.
   */
  program(results: {
    readonly outputs: Readonly<Record<string, Node>>
    readonly next?: Readonly<Record<string, Node>>
    readonly gradients?: Readonly<Record<string, Node>>
    readonly update?: Program
  }): Program {
    const { next = {}, gradients, update } = results
    for (const [name, node] of Object.entries(next)) {
      const state = this.states.get(name)
      if (!state) throw new AlexNetError('invalid-program', `${this.name}: there is no state '${name}' to advance`)
      if (state.shape.join() !== node.shape.join())
        throw new AlexNetError(
          'invalid-program',
          `${this.name}: state '${name}' is ${state.shape.join('×')}, its next value ${node.shape.join('×')}`,
        )
    }
    if (update) checkUpdate(this.name, update, gradients ?? {}, this.states)
    return dropUnused({
      name: this.name,
      nodes: this.nodes,
      inputs: Object.fromEntries(this.inputs),
      state: Object.fromEntries([...this.states].map(([name, node]) => [name, { current: node, next: next[name] }])),
      outputs: results.outputs,
      ...(gradients && { gradients }),
      ...(update && { update }),
    })
  }

  private append<A extends Attributes>(op: string, inputs: readonly Node[], attributes: A, type: ValueType): Node<A> {
    const node: Node<A> = { id: this.nodes.length, op, inputs, attributes, scope: this.scope, ...pick(type) }
    this.nodes.push(node)
    return node
  }

  private expectNewName(name: string): void {
    if (this.inputs.has(name) || this.states.has(name))
      throw new AlexNetError('invalid-program', `${this.name}: the name '${name}' is taken`)
  }
}

/** An update reads gradients that there are, and agrees with the program on the shapes of the state. */
function checkUpdate(
  program: string,
  update: Program,
  gradients: Readonly<Record<string, Node>>,
  states: ReadonlyMap<string, StateNode>,
): void {
  const expectSameShape = (what: string, own: Node, other: Node) => {
    if (own.shape.join() !== other.shape.join())
      throw new AlexNetError(
        'invalid-program',
        `${program}: ${what} is ${own.shape.join('×')}, its update expects ${other.shape.join('×')}`,
      )
  }
  if (Object.keys(update.outputs).length > 0)
    throw new AlexNetError('invalid-program', `${program}: its update has outputs, expected state alone`)
  for (const [name, gradient] of Object.entries(gradients)) {
    const input = update.inputs[gradientInput(name)]
    if (!input) throw new AlexNetError('invalid-program', `${program}: its update leaves out the gradient of '${name}'`)
    expectSameShape(`the gradient of '${name}'`, gradient, input)
  }
  for (const [name, { current }] of Object.entries(update.state)) {
    const own = states.get(name)
    if (own) expectSameShape(`state '${name}'`, own, current)
  }
}

/** Only the type's own fields: `infer` may return an input node, whose other fields must not leak into the new one. */
function pick({ shape, dtype }: ValueType): ValueType {
  return { shape, dtype }
}
