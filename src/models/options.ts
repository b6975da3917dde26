import * as z from 'zod'

/** The switches of the paper's experiments. What is left out is the model's own. */
export const modelOptionsSchema = z.strictObject({
  width: z
    .number()
    .positive()
    .lt(100)
    .optional()
    .describe("Multiplies every number of filters and hidden units: 0.5 is the paper's half-size net."),
  activation: z
    .enum(['relu', 'tanh'])
    .optional()
    .describe('The neurons: ReLU, or the tanh that the paper compares it with.'),
  norm: z
    .enum(['batch', 'lrn', 'none'])
    .optional()
    .describe(
      'What normalises between the layers: batch normalisation behind each convolution (`batch`), local response ' +
        'normalisation where the network has its places (`lrn`), or nothing (`none`).',
    ),
  lrn: z
    .boolean()
    .optional()
    .describe('Local response normalisation on or off: `norm: lrn` or `norm: none`, which goes before it.'),
  pooling: z
    .enum(['overlapping', 'plain'])
    .optional()
    .describe('Windows of 3 moved by 2 (overlapping), or of 2 moved by 2 (plain).'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe("The share of the head's values that are dropped; 0 switches dropout off."),
  hidden: z
    .int()
    .min(0)
    .optional()
    .describe(
      'Units of each of the two hidden fully connected layers, whatever the width; 0: none, the last layer alone stands ' +
        'behind the convolutions.',
    ),
  initial: z
    .enum(['fan-in', 'ones', 'paper', 'he', 'lsuv'])
    .optional()
    .describe(
      "How weights and biases start. `fan-in`: PyTorch's default. `ones`: N(0, 0.01) and biases of 1 everywhere. `paper`: " +
        'N(0, 0.01) and biases of 1 in conv2, conv4, conv5 and the hidden fully connected layers, 0 elsewhere. `he`: N(0, ' +
        '2/inputs) and biases of 0. `lsuv`: the same, then the weights of each layer in turn are scaled so that it gives the ' +
        'variance 1 for the first batch.',
    ),
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
