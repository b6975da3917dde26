import * as z from 'zod'
import { reshape } from '../../graph/ops/reshape.js'
import type { LayerDefinition } from './layer.js'

const schema = z.strictObject({ kind: z.literal('flatten') })

export type FlattenLayer = z.infer<typeof schema>

/** (N, C, H, W) → (N, C·H·W). */
export const flattenLayer: LayerDefinition<FlattenLayer> = {
  schema,
  describe: () => '',
  apply(_layer, x, { graph }) {
    const [n, ...rest] = x.shape
    return graph.add(reshape, [x], { shape: [n, rest.reduce((a, b) => a * b, 1)] })
  },
}
