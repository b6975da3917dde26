import * as z from 'zod'
import { localResponseNorm } from '../../graph/ops/local-response-norm.js'
import { type LayerDefinition, positiveInteger } from './layer.js'

const schema = z.strictObject({
  kind: z.literal('lrn'),
  size: positiveInteger,
  alpha: z.number().positive(),
  beta: z.number().positive(),
  k: z.number().positive(),
  /** Neighbouring channels (the paper), or neighbouring places of the same map (cuda-convnet's `rnorm`). */
  across: z.enum(['channels', 'map']),
  /**
   * What α multiplies: the `sum` of the squares (the paper's formula), or their `mean` over the window (the authors'
   * code, Caffe, PyTorch, cuda-convnet).
   */
  alphaTimes: z.enum(['sum', 'mean']),
})

export type LrnLayer = z.infer<typeof schema>

/** Local response normalisation b = a / (k + α·Σa²)^β; the shape stays. */
export const lrnLayer: LayerDefinition<LrnLayer> = {
  schema,
  describe: ({ size, alpha, beta, k, across, alphaTimes }) =>
    `${across === 'map' ? `${size}×${size} places` : `${size} channels`}, k ${k}, α ${alpha} × ${alphaTimes}, β ${beta}`,
  apply({ size, alpha, beta, k, across, alphaTimes }, x, { graph }) {
    const window = across === 'map' ? size * size : size
    return graph.add(localResponseNorm, [x], {
      size,
      alpha: alphaTimes === 'mean' ? alpha / window : alpha,
      beta,
      k,
      across,
    })
  },
}
