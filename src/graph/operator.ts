import { AlexNetError } from '../errors.js'
import { formatShape, type Shape } from '../tensor.js'
import type { Attributes, ConstantNode, Node, ValueType } from './node.js'

/** The numbers of one value: float64 in the reference engine, float32 where another runs an operator's own loops. */
export type Values = Float64Array | Float32Array | Int32Array | Uint8Array

/** What a gradient rule needs of the graph that it adds to. */
export interface Graph {
  /** A float32 scalar known now. */
  constant(value: number): ConstantNode
  /** Applies an operator. */
  add<A extends Attributes>(operator: Operator<A>, inputs: readonly Node[], attributes: A): Node<A>
}

/**
 * An operator: what it is, in one place. Engines say how it is run; they import no gradient rule, since a gradient
 * consists of ordinary nodes.
 */
export interface Operator<A extends Attributes = Attributes> {
  readonly name: string

  /** The shape rule: checks the inputs' types, returns the output's type. */
  infer(inputs: readonly ValueType[], attributes: A): ValueType

  /**
   * The gradient rule: given the gradient of the loss with respect to the output, adds nodes that compute it with
   * respect to each input (`undefined` where there is none, for labels, say). `wanted[i]` is false where nobody asks.
   */
  gradient?(
    graph: Graph,
    node: Node<A>,
    outputGradient: Node,
    wanted: readonly boolean[],
  ): readonly (Node | undefined)[]

  /** The meaning, in plain loops: fills `output` (zeros at first; of uint8 may be such) from the inputs' values. */
  evaluate(node: Node<A>, inputs: readonly Values[], output: Float64Array | Uint8Array): void

  /**
   * Each value of the output is made of the values at its own place in inputs of its shape, and of scalars. So an engine
   * may write it over such an input that nobody else reads.
   */
  readonly elementwise?: true

  /**
   * What is float32 also where activations and products are computed in fewer bits: `all` that is read and written, or the
   * `result` alone. Default: nothing.
   */
  readonly float32?: 'all' | 'result'

  /** Multiplications with an addition in what a node says, however an engine may do it. Default: none. */
  multiplyAdds?(node: Node<A>): number
}

/** Checks that an input has the given number of axes. */
export function expectRank(op: string, what: string, type: ValueType, rank: number): void {
  if (type.shape.length !== rank)
    throw new AlexNetError('invalid-shape', `${op}: expected ${what} with ${rank} axes, got ${formatShape(type.shape)}`)
}

/** Checks that an input has exactly the given shape. */
export function expectShape(op: string, what: string, type: ValueType, shape: Shape): void {
  if (formatShape(type.shape) !== formatShape(shape))
    throw new AlexNetError(
      'invalid-shape',
      `${op}: expected ${what} of ${formatShape(shape)}, got ${formatShape(type.shape)}`,
    )
}

/** Checks that an input has the given dtype. */
export function expectDType(op: string, what: string, type: ValueType, dtype: ValueType['dtype']): void {
  if (type.dtype !== dtype)
    throw new AlexNetError('invalid-shape', `${op}: expected ${what} of dtype ${dtype}, got ${type.dtype}`)
}

/** A float32 value type. */
export function floats(shape: Shape): ValueType {
  return { shape, dtype: 'float32' }
}
