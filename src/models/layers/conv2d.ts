import * as z from 'zod'
import { expectRank, floats } from '../../graph/operator.js'
import { conv2d } from '../../graph/ops/convolution.js'
import { type LayerDefinition, parameter, parameterSettingsSchema, positiveInteger, withoutSettings } from './layer.js'

const schema = z.strictObject({
  kind: z.literal('conv2d'),
  filters: positiveInteger,
  kernel: positiveInteger,
  stride: positiveInteger.default(1),
  padding: z.number().int().nonnegative().default(0),
  /** Filters see only the channels of their own group: 2 for the paper's two towers. */
  groups: positiveInteger.default(1),
  weight: parameterSettingsSchema,
  bias: parameterSettingsSchema,
})

export type Conv2dLayer = z.infer<typeof schema>

/** Convolution with bias: (N, C, H, W) → (N, filters, H', W'). */
export const conv2dLayer: LayerDefinition<Conv2dLayer> = {
  schema,
  describe: ({ filters, kernel, stride, padding, groups }) =>
    [
      `${filters} of ${kernel}×${kernel}`,
      stride > 1 ? `stride ${stride}` : '',
      padding > 0 ? `padding ${padding}` : '',
      groups > 1 ? `${groups} groups` : '',
    ]
      .filter(Boolean)
      .join(', '),
  parameters({ filters, kernel, groups, weight, bias }, input) {
    expectRank('conv2d', 'pictures', floats(input), 4)
    const channels = input[1] / groups
    const fanIn = channels * kernel * kernel
    return [
      parameter('weight', [filters, channels, kernel, kernel], fanIn, weight),
      parameter('bias', [filters], fanIn, bias),
    ]
  },
  units: { of: ({ filters }) => filters, withUnits: (layer, filters) => ({ ...layer, filters }) },
  essence: withoutSettings,
  apply: ({ stride, padding, groups }, x, { graph, parameters }) =>
    graph.add(conv2d, [x, ...parameters], { stride, padding, groups }),
}
