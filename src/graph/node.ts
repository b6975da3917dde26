import type { DType, Shape } from '../tensor.js'

/** What an operator's behaviour depends on besides its inputs: strides, sizes, axes. Plain data, so that it can be printed. */
export type Attributes = Readonly<Record<string, number | string | boolean | readonly number[]>>

/** The type of a value in the graph. The reference engine computes `float32` values in float64. */
export interface ValueType {
  readonly shape: Shape
  readonly dtype: Exclude<DType, 'float64'>
}

/**
 * One value of a graph and how it comes about: an operator applied to other values, or a source (`input`, `state`,
 * `constant`), which has no inputs. A node is immutable; `id` grows in the order of creation, which is therefore a
 * topological order.
 */
export interface Node<A extends Attributes = Attributes> extends ValueType {
  readonly id: number
  readonly op: string
  readonly inputs: readonly Node[]
  readonly attributes: A
  /** The layer that asked for it (`features.0`), for printing and profiles. */
  readonly scope: string
}

/** A value that is given anew at every step. */
export type InputNode = Node<{ readonly name: string }>
/** A value that the engine keeps from step to step. */
export type StateNode = Node<{ readonly name: string }>
/** A scalar known when the program is built. */
export type ConstantNode = Node<{ readonly value: number }>
