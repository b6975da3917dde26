import type * as z from 'zod'
import type { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { linearCombination } from '../graph/ops/linear-combination.js'
import { product } from '../graph/ops/product.js'
import type { Parameter } from '../models/layers/layer.js'
import type { TensorData } from '../tensor.js'

/** What the update of one parameter is made of. */
export interface ParameterStep<Slot extends string> {
  readonly graph: GraphBuilder
  readonly parameter: Parameter
  readonly weight: Node
  readonly gradient: Node
  /** What the optimizer keeps of this parameter, by the names in `slots`. */
  readonly state: Readonly<Record<Slot, Node>>
  /** The run's learning rate ε now, a scalar; the parameter's own is this times its multiplier. */
  readonly rate: Node
  /** The number of this step, from 0: a scalar of int32. */
  readonly step: Node
}

/** The next values of a parameter and of what the optimizer keeps of it. */
export interface ParameterUpdate<Slot extends string> {
  readonly weight: Node
  readonly state: Readonly<Record<Slot, Node>>
}

/** A parameter as it is after a step. */
export interface SteppedParameter<Slot extends string> {
  readonly weight: TensorData
  readonly state: Readonly<Record<Slot, TensorData>>
  /** The parameter's own rate in that step. */
  readonly rate: number
  /** The parameter's own weight decay is the run's times this. */
  readonly decay: number
  /** The number of that step, from 0. */
  readonly step: number
}

/** One way to learn from gradients: everything that the project knows about it. A new optimizer is one file with one of these. */
export interface OptimizerDefinition<Settings, Slot extends string> {
  /** Checks settings that come from a file; `kind` is its name. */
  readonly schema: z.ZodType<Settings>
  /** What is kept of each parameter from step to step, of its shape, zeros at first: `velocity`. */
  readonly slots: readonly Slot[]
  /** Adds one parameter's update to a graph. */
  update(settings: Settings, step: ParameterStep<Slot>): ParameterUpdate<Slot>
  /** Δw of one element in the last step, where it follows from what is kept. */
  lastChange?(settings: Settings, parameter: SteppedParameter<Slot>): ((element: number) => number) | undefined
}

/** Shorthands for the arithmetic of an update. */
export function arithmetic({ graph, rate, parameter }: Pick<ParameterStep<string>, 'graph' | 'rate' | 'parameter'>) {
  return {
    number: (value: number): Node => graph.constant(value),
    /** Σ coefficient · term */
    combine: (...terms: readonly (readonly [coefficient: Node, term: Node])[]): Node =>
      graph.add(linearCombination, terms.flat(), {}),
    /** The parameter's own rate times a factor. */
    rateTimes: (factor: number): Node => graph.add(product, [rate, graph.constant(parameter.rate * factor)], {}),
  }
}
