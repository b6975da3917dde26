import * as z from 'zod'
import { check } from '../settings/check.js'
import { accumulatedName } from './accumulation.js'
import { adamw, adamwSchema } from './adamw.js'
import { averageSchema } from './average.js'
import { clipNormSchema } from './clip-norm.js'
import type { OptimizerDefinition } from './optimizer.js'
import { sgd, sgdSchema } from './sgd.js'

const definitions = { sgd, adamw }

/** What goes with every optimizer. */
const common = { clipNorm: clipNormSchema, average: averageSchema }

/** The settings of an optimizer, with more keys beside them: a recipe has the rate there. */
export function optimizerSchemaWith<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.discriminatedUnion('kind', [
    sgdSchema.extend(common).extend(shape),
    adamwSchema.extend(common).extend(shape),
  ])
}

/** Checks the settings of an optimizer. What is left out is its default; without `kind` it is SGD. */
export const optimizerSchema = optimizerSchemaWith({})

/** An optimizer as plain data: `{ kind: 'sgd', momentum: 0.9, weightDecay: 5e-4, rule: 'pytorch' }`. */
export type Optimizer = z.infer<typeof optimizerSchema>

/** The same as it may be given: what is left out is its default. */
export type OptimizerSettings = z.input<typeof optimizerSchema>

/**
 * Settings with all that was left out.
 * @throws AlexNetError `invalid-setting` that says key, expected and got, or `unknown-name` for a key that does not exist.
 * @example resolveOptimizer({ kind: 'adamw', weightDecay: 0.05 })
 */
export function resolveOptimizer(settings: OptimizerSettings): Optimizer {
  return check(optimizerSchema, settings, 'optimizer')
}

/** Everything that is known about an optimizer's kind. */
export function optimizerOf({ kind }: Pick<Optimizer, 'kind'>): OptimizerDefinition<Optimizer, string> {
  return definitions[kind] as unknown as OptimizerDefinition<Optimizer, string>
}

/** The name in the state of what an optimizer keeps of a parameter: `velocity:features.0.weight`. */
export const slotName = (slot: string, parameter: string): string => `${slot}:${parameter}`

/** The names of all that any optimizer may keep of a parameter, and of what is accumulated for it. */
export function slotNames(parameter: string): string[] {
  const slots = Object.values(definitions).flatMap((definition): readonly string[] => definition.slots)
  return [...slots.map((slot) => slotName(slot, parameter)), accumulatedName(parameter)]
}
