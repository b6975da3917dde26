import * as z from 'zod'

/** The switches of the paper's experiments. What is left out is the model's own. */
export const modelOptionsSchema = z.strictObject({
  /** Multiplies every number of filters and hidden units: 0.5 is the paper's half-size net. */
  width: z.number().positive().optional(),
  /** The neurons: ReLU, or the tanh that the paper compares it with. */
  activation: z.enum(['relu', 'tanh']).optional(),
  /**
   * What normalises between the layers: batch normalisation behind each convolution (`batch`), local response
   * normalisation where the network has its places (`lrn`), or nothing (`none`).
   */
  norm: z.enum(['batch', 'lrn', 'none']).optional(),
  /** Local response normalisation on or off: `norm: lrn` or `none`, which goes before it. */
  lrn: z.boolean().optional(),
  /** Pooling windows of 3 moved by 2, or of 2 moved by 2. */
  pooling: z.enum(['overlapping', 'plain']).optional(),
  /** The share of the head's values that are dropped; 0 switches dropout off. */
  dropout: z.number().min(0).lt(1).optional(),
  /**
   * How weights and biases start. `fan-in`: PyTorch's default. `ones`: N(0, 0.01) and biases of 1 everywhere. `paper`:
   * N(0, 0.01) and biases of 1 in conv2, conv4, conv5 and the hidden fully connected layers, 0 elsewhere. `he`: N(0,
   * 2/inputs) and biases of 0.
   */
  initial: z.enum(['fan-in', 'ones', 'paper', 'he']).optional(),
})

export type ModelOptions = z.infer<typeof modelOptionsSchema>

/** What the options say of normalisation; `own`: what the network has by itself. */
export function normOf({ norm, lrn }: ModelOptions, own: NonNullable<ModelOptions['norm']>): typeof own {
  return norm ?? (lrn === undefined ? own : lrn ? 'lrn' : 'none')
}

/** What a model must fit: the pictures that it gets and the classes that it tells apart. */
export interface ModelTask {
  /** One picture: (C, H, W). */
  readonly inputShape: readonly number[]
  readonly classes: number
}
