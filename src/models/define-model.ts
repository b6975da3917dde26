import * as z from 'zod'
import { check } from '../settings/check.js'
import type { Shape } from '../tensor.js'
import { type LayerSettings, layerSchema } from './layers/index.js'
import { layersOf, type Model } from './model.js'

/** A network of one's own as it may be written: what is left out of a layer is its default. */
export interface ModelDefinition {
  readonly name: string
  /** One picture: (3, H, W), H and W alike. */
  readonly inputShape: Shape
  /** The layers that see the picture. Default: none. */
  readonly features?: readonly LayerSettings[]
  /** The layers behind them; the last has an output for each class. */
  readonly classifier: readonly LayerSettings[]
}

const layersSchema = z.object({ features: z.array(layerSchema), classifier: z.array(layerSchema) })

/**
 * A network of one's own, checked: every layer with all its settings, and each fits the one before.
 *
 * @throws AlexNetError `invalid-setting` or `unknown-name` that names the key; `invalid-shape` that names the layer.
 * @example
 * const model = defineModel({
 *   name: 'small',
 *   inputShape: [3, 32, 32],
 *   features: [{ kind: 'conv2d', filters: 16, kernel: 5 }, { kind: 'relu' }, { kind: 'max-pool', kernel: 4, stride: 4 }],
 *   classifier: [{ kind: 'linear', outputs: 10 }],
 * })
 */
export function defineModel({ name, inputShape, features = [], classifier }: ModelDefinition): Model {
  const layers = check(layersSchema, { features, classifier }, `the network ${name}`)
  const [, classes = 0] = layersOf({ name, inputShape, classes: 0, ...layers }).at(-1)?.output ?? []
  return { name, inputShape, classes, ...layers }
}
