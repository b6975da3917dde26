import * as z from 'zod'
import { expectRank, floats } from '../../graph/operator.js'
import { matmul } from '../../graph/ops/matmul.js'
import { type LayerDefinition, parameter, parameterSettingsSchema, positiveInteger, withoutSettings } from './layer.js'

const schema = z.strictObject({
  kind: z.literal('linear'),
  outputs: positiveInteger.describe('Neurons; of the last layer one for each class.'),
  weight: parameterSettingsSchema.describe('Its weights.'),
  bias: parameterSettingsSchema.describe('Its biases.'),
})

export type LinearLayer = z.infer<typeof schema>

/** Fully connected layer y = x·wᵀ + b: (N, inputs) → (N, outputs), w (outputs, inputs). */
export const linearLayer: LayerDefinition<LinearLayer> = {
  schema,
  describe: ({ outputs }) => `${outputs}`,
  parameters({ outputs, weight, bias }, input) {
    expectRank('linear', 'rows', floats(input), 2)
    const inputs = input[1]
    return [parameter('weight', [outputs, inputs], inputs, weight), parameter('bias', [outputs], inputs, bias)]
  },
  units: { of: ({ outputs }) => outputs, withUnits: (layer, outputs) => ({ ...layer, outputs }) },
  essence: withoutSettings,
  apply: (_layer, x, { graph, parameters: [w, b] }) =>
    graph.add(matmul, [x, w, b], { transposeA: false, transposeB: true }),
}
