import * as z from 'zod'
import { relu, tanh } from '../../graph/ops/activation.js'
import type { LayerDefinition } from './layer.js'

const reluSchema = z.strictObject({ kind: z.literal('relu') })
const tanhSchema = z.strictObject({ kind: z.literal('tanh') })

export type ReluLayer = z.infer<typeof reluSchema>
export type TanhLayer = z.infer<typeof tanhSchema>

/** max(0, x), any shape. */
export const reluLayer: LayerDefinition<ReluLayer> = {
  schema: reluSchema,
  describe: () => '',
  apply: (_layer, x, { graph }) => graph.add(relu, [x], {}),
}

/** tanh(x), any shape. */
export const tanhLayer: LayerDefinition<TanhLayer> = {
  schema: tanhSchema,
  describe: () => '',
  apply: (_layer, x, { graph }) => graph.add(tanh, [x], {}),
}
