import * as z from 'zod'
import { dropout } from '../../graph/ops/dropout.js'
import type { LayerDefinition } from './layer.js'

const schema = z.strictObject({
  kind: z.literal('dropout'),
  rate: z.number().min(0).lt(1).describe('The share of values that are dropped.'),
})

export type DropoutLayer = z.infer<typeof schema>

/** Inverted dropout in training, nothing in inference; the shape stays. */
export const dropoutLayer: LayerDefinition<DropoutLayer> = {
  schema,
  describe: ({ rate }) => `${rate}`,
  essence: () => undefined,
  apply: ({ rate }, x, { graph, training }) =>
    training && rate > 0 ? graph.add(dropout, [x, training.dropoutMask(x.shape, rate)], { rate }) : x,
}
