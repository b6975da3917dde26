import type { Node } from '../../graph/node.js'
import type { Values } from '../../graph/operator.js'
import { operatorOf, operators } from '../../graph/ops/index.js'
import type { Program } from '../../graph/program.js'
import { sizeOf, type Tensors } from '../../tensor.js'
import { checkOperators } from '../check.js'

/** What one step of a program gave, by name. */
export interface Interpreted {
  readonly outputs: Readonly<Record<string, Values>>
  /** The next values of the state that advances. */
  readonly next: Readonly<Record<string, Values>>
  /** The value of every node. */
  readonly values: ReadonlyMap<Node, Values>
}

/**
 * One step of a program by the plain loops of its operators, in float64, at once. The reference engine consists of it; by
 * itself it suits small programs, such as a figure that follows a slider.
 *
 * @param inputs Every input of the program.
 * @param state Every state of the program.
 * @param onOperator Is told the milliseconds that each operator took.
 * @throws AlexNetError `invalid-program` for an operator that is none of the language.
 * @example interpret(program, { x: float32([2], [1, 2]) }, {}).outputs.y
 */
export function interpret(
  program: Program,
  inputs: Tensors,
  state: Readonly<Record<string, ArrayLike<number>>>,
  onOperator?: (node: Node, milliseconds: number) => void,
): Interpreted {
  checkOperators('reference', program, operators)
  const values = new Map<Node, Values>()
  for (const node of program.nodes) {
    const start = performance.now()
    values.set(node, evaluate(node, inputs, state, values))
    if (node.inputs.length > 0) onOperator?.(node, performance.now() - start)
  }
  return {
    outputs: Object.fromEntries(Object.entries(program.outputs).map(([name, node]) => [name, values.get(node)!])),
    next: Object.fromEntries(
      Object.entries(program.state).flatMap(([name, { next }]) => (next ? [[name, values.get(next)!] as const] : [])),
    ),
    values,
  }
}

function evaluate(
  node: Node,
  inputs: Tensors,
  state: Readonly<Record<string, ArrayLike<number>>>,
  values: ReadonlyMap<Node, Values>,
): Values {
  const { name, value } = node.attributes
  if (node.op === 'input') {
    const { dtype, data } = inputs[String(name)]
    return dtype === 'float32' ? Float64Array.from(data) : (data as Values)
  }
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
