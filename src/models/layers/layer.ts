import * as z from 'zod'
import type { GraphBuilder } from '../../graph/builder.js'
import type { Node } from '../../graph/node.js'
import type { Shape } from '../../tensor.js'
import { type Initial, initialSchema } from '../initial.js'

/** What a layer may say of one of its parameters. Multipliers act on the run's rate and weight decay. */
export const parameterSettingsSchema = z
  .strictObject({
    initial: initialSchema.optional().describe('How it starts.'),
    rate: z.number().nonnegative().optional().describe('Multiplies the learning rate; 0 freezes.'),
    decay: z.number().nonnegative().optional().describe('Multiplies the weight decay.'),
  })
  .optional()

export type ParameterSettings = z.infer<typeof parameterSettingsSchema>

/** A trainable tensor of a layer. */
export interface Parameter {
  /** `weight` or `bias`; in a model `features.0.weight`. */
  readonly name: string
  readonly shape: Shape
  /** The number of inputs of one neuron. */
  readonly fanIn: number
  readonly initial: Initial
  /** Multiplier of the learning rate. */
  readonly rate: number
  /** Multiplier of the weight decay. */
  readonly decay: number
}

/** A tensor that a layer keeps from step to step without learning it by gradients: a running mean. */
export interface Statistic {
  /** `running_mean`; in a model `features.1.running_mean`. */
  readonly name: string
  readonly shape: Shape
  /** The value that all of it starts with. */
  readonly initial: number
}

/** What a layer may ask for while its graph is built. */
export interface LayerContext {
  readonly graph: GraphBuilder
  /** The layer's parameters as nodes, in the order of `parameters`. */
  readonly parameters: readonly Node[]
  /** The layer's statistics as nodes, in the order of `statistics`. */
  readonly statistics: readonly Node[]
  /** What only a layer that is being trained can do; undefined in inference. */
  readonly training?: TrainingContext
}

/** What a layer may ask for in training. */
export interface TrainingContext {
  /** A mask of 0 and 1 of the given shape, drawn anew at every step, with the given share of zeros. */
  dropoutMask(shape: Shape, rate: number): Node
  /** Says what the statistic of that place in `statistics` is after the step. */
  advance(statistic: number, next: Node): void
}

/**
 * One kind of layer: everything that the project knows about it. A new layer is one file with one of these.
 * `Given`: the layer as it may be written, without what has a default.
 */
export interface LayerDefinition<L, Given = L> {
  /** Checks a layer that comes from a file or a program. */
  readonly schema: z.ZodType<L, Given>
  /** A short description for tables: `64 of 11×11, stride 4, padding 2`. */
  describe(layer: L): string
  /** The parameters for an input of the given shape (N, C, H, W) or (N, features). */
  parameters?(layer: L, input: Shape): readonly Parameter[]
  /** What it keeps besides, for an input of the given shape. */
  statistics?(layer: L, input: Shape): readonly Statistic[]
  /** The number of its filters or hidden units, where it has one: all that tells a narrow network from a wide one. */
  readonly units?: {
    of(layer: L): number
    /** The same layer with another number. */
    withUnits(layer: L, units: number): L
  }
  /**
   * What it computes in inference, by which networks of other programs are recognised: layers of equal essence compute
   * the same. Undefined where that is nothing; without this it is the layer as it stands.
   */
  essence?(layer: L): object | undefined
  /** Adds the layer to a graph. */
  apply(layer: L, x: Node, context: LayerContext): Node
}

/** PyTorch's start is the default: it is the one that learns without care. Rates and decays are the run's own. */
export function parameter(name: string, shape: Shape, fanIn: number, settings: ParameterSettings): Parameter {
  return {
    name,
    shape,
    fanIn,
    initial: settings?.initial ?? { kind: 'fan-in' },
    rate: settings?.rate ?? 1,
    decay: settings?.decay ?? 1,
  }
}

/** A layer without what concerns its training alone. */
export function withoutSettings<L extends { readonly weight?: ParameterSettings; readonly bias?: ParameterSettings }>({
  weight: _,
  bias: __,
  ...essence
}: L): object {
  return essence
}

/** A positive whole number. */
export const positiveInteger = z.number().int().positive()
