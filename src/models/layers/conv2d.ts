import * as z from 'zod'
import { expectRank, floats } from '../../graph/operator.js'
import { conv2d } from '../../graph/ops/convolution.js'
import { type LayerDefinition, parameter, parameterSettingsSchema, positiveInteger, withoutSettings } from './layer.js'

const schema = z.strictObject({
  kind: z.literal('conv2d'),
  filters: positiveInteger.describe('Feature maps that it makes.'),
  kernel: positiveInteger.describe("The side of a filter's window."),
  stride: positiveInteger.default(1).describe('Places from one window to the next.'),
  padding: z.number().int().nonnegative().default(0).describe('Zeros around the maps, on each side.'),
  groups: positiveInteger
    .default(1)
    .describe("Filters see only the channels of their own group: 2 for the paper's two towers."),
  weight: parameterSettingsSchema.describe('Its weights.'),
  bias: parameterSettingsSchema.describe('Its biases.'),
})

export type Conv2dLayer = z.infer<typeof schema>

/** Convolution with bias: (N, C, H, W) → (N, filters, H', W'). */
export const conv2dLayer: LayerDefinition<Conv2dLayer, z.input<typeof schema>> = {
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
