import * as z from 'zod'
import { AlexNetError } from '../errors.js'
import { formatShape } from '../tensor.js'
import { createModel } from './catalogue.js'
import { layerSchema } from './layers/index.js'
import { layersOf, type Model } from './model.js'
import { type ModelTask, modelOptionsSchema } from './options.js'

/**
 * The network of a recipe: one of the catalogue with its options, or one's own, whose layers stand in the recipe itself.
 * Either is built by `buildModel` for the pictures and classes at hand.
 */
export const modelSettingsSchema = modelOptionsSchema
  .extend({
    name: z
      .string()
      .describe('A network of the catalogue: `alexnet inspect` lists them. Of a network with `features` any name.'),
    features: z
      .array(layerSchema)
      .optional()
      .describe("Of a network of one's own: the layers that see the picture, in their order."),
    classifier: z
      .array(layerSchema)
      .min(1)
      .optional()
      .describe("Of a network of one's own: the layers behind them; the last has an output for each class."),
  })
  .superRefine(({ name: _, features, classifier, ...options }, context) => {
    const refuse = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (!features && !classifier) return
    if (!features) refuse('features', 'expected layers, as beside `classifier`')
    if (!classifier) refuse('classifier', 'expected layers, as beside `features`')
    const [option] = Object.entries(options).find(([, value]) => value !== undefined) ?? []
    if (option) refuse(option, 'expected nothing beside layers, which say it all')
  })

export type ModelSettings = z.infer<typeof modelSettingsSchema>

/** The settings that build this network again, wherever it comes from. */
export function ownModelSettings({ name, features, classifier }: Model): ModelSettings {
  return { name, features: [...features], classifier: [...classifier] }
}

/**
 * Builds the network of a recipe.
 * @throws AlexNetError as `createModel` does; of a network of one's own `invalid-shape` when it does not fit the pictures
 *   or the classes.
 */
export function buildModel({ name, features, classifier, ...options }: ModelSettings, task: ModelTask): Model {
  if (!features || !classifier) return createModel(name, task, options)
  const model: Model = { name, ...task, features, classifier }
  checkOutputs(model)
  return model
}

/** @throws AlexNetError `invalid-shape` when the network does not end in one output for each class. */
export function checkOutputs(model: Model): void {
  const output = layersOf(model).at(-1)?.output ?? []
  if (output.length === 2 && output[1] === model.classes) return
  throw new AlexNetError(
    'invalid-shape',
    `the network ${model.name} ends in ${formatShape(output.slice(1))} outputs, expected one for each of ${model.classes} classes`,
    `End it in { kind: 'linear', outputs: ${model.classes} }.`,
  )
}
