import * as z from 'zod'
import { batchMean, batchNorm, batchVariance, valuesOfChannel } from '../../graph/ops/batch-norm.js'
import { linearCombination } from '../../graph/ops/linear-combination.js'
import type { Shape } from '../../tensor.js'
import { type LayerDefinition, type ParameterSettings, parameter, parameterSettingsSchema } from './layer.js'

const schema = z.strictObject({
  kind: z.literal('batch-norm'),
  epsilon: z.number().positive().default(1e-5).describe('Keeps the root of a variance of 0 away from 0.'),
  momentum: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('The share of the running statistics that each batch replaces.'),
  weight: parameterSettingsSchema.describe('Its scales γ.'),
  bias: parameterSettingsSchema.describe('Its shifts β.'),
})

export type BatchNormLayer = z.infer<typeof schema>

/**
 * Batch normalisation (Ioffe and Szegedy 2015) of (N, C, H, W) or (N, C); the shape stays. In training each channel is
 * brought to mean 0 and variance 1 over the batch, and the running statistics follow; in inference it goes by these. So it
 * does in training where γ and β are frozen: what is kept as it is must give what it gave (as Keras does with
 * `trainable = False`, https://keras.io/api/layers/normalization_layers/batch_normalization/; PyTorch's needs `eval()`).
 * Names, momentum and the unbiased running variance are those of torch.nn.BatchNorm2d.
 */
export const batchNormLayer: LayerDefinition<BatchNormLayer, z.input<typeof schema>> = {
  schema,
  describe: ({ epsilon, momentum }) => `ε ${epsilon}, momentum ${momentum}`,
  parameters({ weight, bias }, input) {
    const shape = [input[1]]
    return [parameter('weight', shape, 1, startingAt(1, weight)), parameter('bias', shape, 1, startingAt(0, bias))]
  },
  statistics: (_layer, input) => [
    { name: 'running_mean', shape: [input[1]], initial: 0 },
    { name: 'running_var', shape: [input[1]], initial: 1 },
  ],
  essence: ({ kind, epsilon }) => ({ kind, epsilon: epsilon.toPrecision(6) }),
  apply({ epsilon, momentum, weight, bias }, x, { graph, parameters, statistics, training }) {
    const frozen = weight?.rate === 0 && bias?.rate === 0
    if (!training || frozen) return graph.add(batchNorm, [x, ...parameters, ...statistics], { epsilon, ofBatch: false })
    const mean = graph.add(batchMean, [x], {})
    const variance = graph.add(batchVariance, [x, mean], {})
    const [runningMean, runningVariance] = statistics
    const keep = graph.constant(1 - momentum)
    training.advance(0, graph.add(linearCombination, [keep, runningMean, graph.constant(momentum), mean], {}))
    const unbiased = graph.constant(momentum * besselCorrection(x.shape))
    training.advance(1, graph.add(linearCombination, [keep, runningVariance, unbiased, variance], {}))
    return graph.add(batchNorm, [x, ...parameters, mean, variance], { epsilon, ofBatch: true })
  },
}

/** M / (M − 1), which makes the variance of M values an estimate of that of all pictures. */
function besselCorrection(shape: Shape): number {
  const count = valuesOfChannel({ shape, dtype: 'float32' })
  return count / Math.max(1, count - 1)
}

/** γ starts at 1 and β at 0, unless the layer says otherwise. */
function startingAt(value: number, settings: ParameterSettings): ParameterSettings {
  return { ...settings, initial: settings?.initial ?? { kind: 'constant', value } }
}
