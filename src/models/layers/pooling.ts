import * as z from 'zod'
import { avgPool2d, maxPool2d } from '../../graph/ops/pooling.js'
import { type LayerDefinition, positiveInteger } from './layer.js'

const settings = {
  kernel: positiveInteger.describe('The side of a window.'),
  stride: positiveInteger.describe('Places from one window to the next.'),
  ceil: z.boolean().default(false).describe('Keep a last window that reaches over the border, as cuda-convnet does.'),
}
const maxSchema = z.strictObject({ kind: z.literal('max-pool'), ...settings })
const avgSchema = z.strictObject({ kind: z.literal('avg-pool'), ...settings })

export type MaxPoolLayer = z.infer<typeof maxSchema>
export type AvgPoolLayer = z.infer<typeof avgSchema>

function describe({ kernel, stride, ceil }: MaxPoolLayer | AvgPoolLayer): string {
  return `${kernel}×${kernel}, stride ${stride}${ceil ? ', ceil' : ''}`
}

/** The maximum of each window: (N, C, H, W) → (N, C, H', W'). */
export const maxPoolLayer: LayerDefinition<MaxPoolLayer, z.input<typeof maxSchema>> = {
  schema: maxSchema,
  describe,
  apply: ({ kernel, stride, ceil }, x, { graph }) => graph.add(maxPool2d, [x], { kernel, stride, ceil }),
}

/** The mean of each window: (N, C, H, W) → (N, C, H', W'). */
export const avgPoolLayer: LayerDefinition<AvgPoolLayer, z.input<typeof avgSchema>> = {
  schema: avgSchema,
  describe,
  apply: ({ kernel, stride, ceil }, x, { graph }) => graph.add(avgPool2d, [x], { kernel, stride, ceil }),
}
