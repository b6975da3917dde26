import * as z from 'zod'
import { localResponseNorm } from '../../graph/ops/local-response-norm.js'
import { type LayerDefinition, positiveInteger } from './layer.js'

const schema = z.strictObject({
  kind: z.literal('lrn'),
  size: positiveInteger.describe('Neighbours that are summed.'),
  alpha: z.number().positive().describe('α.'),
  beta: z.number().positive().describe('β.'),
  k: z.number().positive().describe('k.'),
  across: z
    .enum(['channels', 'map'])
    .describe("Neighbouring channels (the paper), or neighbouring places of the same map (cuda-convnet's `rnorm`)."),
  alphaTimes: z
    .enum(['sum', 'mean'])
    .describe(
      "What α multiplies: the `sum` of the squares (the paper's formula), or their `mean` over the window (the authors' " +
        'code, Caffe, PyTorch, cuda-convnet).',
    ),
})

export type LrnLayer = z.infer<typeof schema>

/** Local response normalisation b = a / (k + α·Σa²)^β; the shape stays. */
export const lrnLayer: LayerDefinition<LrnLayer> = {
  schema,
  describe: ({ size, alpha, beta, k, across, alphaTimes }) =>
    `${across === 'map' ? `${size}×${size} places` : `${size} channels`}, k ${k}, α ${alpha} × ${alphaTimes}, β ${beta}`,
  essence(layer) {
    const { alphaTimes: _, ...rest } = layer
    return { ...rest, alpha: alphaOfSum(layer).toPrecision(6) }
  },
  apply(layer, x, { graph }) {
    const { size, beta, k, across } = layer
    return graph.add(localResponseNorm, [x], { size, alpha: alphaOfSum(layer), beta, k, across })
  },
}

/** The α that multiplies the sum of the squares. */
function alphaOfSum({ size, alpha, across, alphaTimes }: LrnLayer): number {
  const window = across === 'map' ? size * size : size
  return alphaTimes === 'mean' ? alpha / window : alpha
}
