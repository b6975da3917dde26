import type { Node } from '../../graph/node.js'
import type { Values } from '../../graph/operator.js'
import { operatorOf, operators } from '../../graph/ops/index.js'
import { gradientInput, type Program } from '../../graph/program.js'
import { type DType, sizeOf, type TensorData, type Tensors } from '../../tensor.js'
import { checkOperators } from '../check.js'

/** What one step of a program gave, by name. */
export interface Interpreted {
  readonly outputs: Readonly<Record<string, Values>>
  /** The next values of the state that advances. */
  readonly next: Readonly<Record<string, Values>>
  /** The gradients, by their parameters' names: what they are after `onGradients`. */
  readonly gradients: Readonly<Record<string, Values>>
  /** The value of every node. */
  readonly values: ReadonlyMap<Node, Values>
}

/** What may look on, or lend a hand, while a step is interpreted. */
export interface InterpreterHooks {
  /** Is told the milliseconds that each operator took. */
  onOperator?(node: Node, milliseconds: number): void
  /** Comes between the gradients and their update, and may change them in place. */
  onGradients?(gradients: Readonly<Record<string, Values>>): void
}

/** Numbers by name, such as a state. */
export type Numbers = Readonly<Record<string, ArrayLike<number>>>

/**
 * One step of a program, its update included, by the plain loops of its operators, in float64, at once. The reference
 * engine consists of it; by itself it suits small programs, such as a figure that follows a slider.
 *
 * @param inputs Every input of the program.
 * @param state Every state of the program.
 * @throws AlexNetError `invalid-program` for an operator that is none of the language.
 * @example interpret(program, { x: float32([2], [1, 2]) }, {}).outputs.y
 */
export function interpret(
  program: Program,
  inputs: Tensors,
  state: Numbers,
  hooks: InterpreterHooks = {},
): Interpreted {
  checkOperators('reference', program, operators)
  const given = Object.fromEntries(Object.entries(inputs).map(([name, { dtype, data }]) => [name, read(dtype, data)]))
  const values = evaluateNodes(program, given, state, hooks)
  const named = (nodes: Readonly<Record<string, Node>>, from = values) =>
    Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, from.get(node)!]))
  const gradients = named(program.gradients ?? {})
  hooks.onGradients?.(gradients)
  const result = { outputs: named(program.outputs), next: named(nextOf(program)), gradients, values }
  if (!program.update) return result

  const reached = Object.entries(gradients).map(([name, gradient]) => [gradientInput(name), gradient] as const)
  const updated = evaluateNodes(program.update, { ...given, ...Object.fromEntries(reached) }, state, hooks)
  return {
    ...result,
    next: { ...result.next, ...named(nextOf(program.update), updated) },
    values: new Map([...values, ...updated]),
  }
}

function nextOf({ state }: Program): Record<string, Node> {
  return Object.fromEntries(Object.entries(state).flatMap(([name, { next }]) => (next ? [[name, next] as const] : [])))
}

function evaluateNodes(
  { nodes }: Program,
  inputs: Readonly<Record<string, Values>>,
  state: Numbers,
  { onOperator }: InterpreterHooks,
): Map<Node, Values> {
  const values = new Map<Node, Values>()
  for (const node of nodes) {
    const start = performance.now()
    values.set(node, evaluate(node, inputs, state, values))
    if (node.inputs.length > 0) onOperator?.(node, performance.now() - start)
  }
  return values
}

function read(dtype: DType, data: TensorData): Values {
  return dtype === 'float32' ? Float64Array.from(data) : (data as Values)
}

function evaluate(
  node: Node,
  inputs: Readonly<Record<string, Values>>,
  state: Numbers,
  values: ReadonlyMap<Node, Values>,
): Values {
  const { name, value } = node.attributes
  if (node.op === 'input') return inputs[String(name)]
  if (node.op === 'state') return Float64Array.from(state[String(name)])
  if (node.op === 'constant') return Float64Array.of(Number(value))
  const output = new Float64Array(sizeOf(node.shape))
  operatorOf(node)!.evaluate(
    node,
    node.inputs.map((input) => values.get(input)!),
    output,
  )
  return output
}
