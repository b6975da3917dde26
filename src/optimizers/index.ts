import * as z from 'zod'
import { adamw } from './adamw.js'
import { averageName, averageSchema } from './average.js'
import { clipNormSchema } from './clip-norm.js'
import type { OptimizerDefinition } from './optimizer.js'
import { sgd } from './sgd.js'

const definitions = { sgd, adamw }

/** What goes with every optimizer. */
const common = { clipNorm: clipNormSchema, average: averageSchema }

/** The settings of an optimizer, with more keys beside them: a recipe has the rate there. */
export function optimizerSchemaWith<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.discriminatedUnion('kind', [
    sgd.schema.extend(common).extend(shape),
    adamw.schema.extend(common).extend(shape),
  ])
}

/** Checks the settings of an optimizer. What is left out is its default; without `kind` it is SGD. */
export const optimizerSchema = optimizerSchemaWith({})

/** An optimizer as plain data: `{ kind: 'sgd', momentum: 0.9, weightDecay: 5e-4, rule: 'pytorch' }`. */
export type Optimizer = z.infer<typeof optimizerSchema>

/** Everything that is known about an optimizer's kind. */
export function optimizerOf(optimizer: Pick<Optimizer, 'kind'>): OptimizerDefinition<Optimizer, string> {
  return definitions[optimizer.kind] as unknown as OptimizerDefinition<Optimizer, string>
}

/** The name in the state of what an optimizer keeps of a parameter: `velocity:features.0.weight`. */
export const slotName = (slot: string, parameter: string): string => `${slot}:${parameter}`

/** The names of all that any optimizer may keep of a parameter. */
export function keptNames(parameter: string): string[] {
  const slots = Object.values(definitions).flatMap((definition): readonly string[] => definition.slots)
  return [...slots.map((slot) => slotName(slot, parameter)), averageName(parameter)]
}
