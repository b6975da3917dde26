import * as z from 'zod'
import type { RandomStream } from '../random.js'

/**
 * How a parameter starts.
 *
 * - `normal`: N(0, deviation²), the paper's weights (0.01).
 * - `constant`: one value, the paper's biases (0 or 1).
 * - `fan-in`: uniform in ±1/√(inputs of a neuron), PyTorch's default for weights and biases.
 * - `he`: N(0, 2/inputs), made for ReLU (He et al. 2015).
 */
export const initialSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('normal'),
    deviation: z.number().nonnegative().describe('The standard deviation.'),
  }),
  z.strictObject({ kind: z.literal('constant'), value: z.number().describe('The value.') }),
  z.strictObject({ kind: z.literal('fan-in') }),
  z.strictObject({ kind: z.literal('he') }),
])

export type Initial = z.infer<typeof initialSchema>

/** Draws `size` values. `fanIn` is the number of inputs of one neuron. */
export function draw(initial: Initial, size: number, fanIn: number, stream: RandomStream): Float32Array {
  const values = new Float32Array(size)
  if (initial.kind === 'constant') return values.fill(initial.value)
  const next = sampler(initial, fanIn, stream)
  for (let i = 0; i < size; i++) values[i] = next()
  return values
}

function sampler(initial: Exclude<Initial, { kind: 'constant' }>, fanIn: number, stream: RandomStream): () => number {
  switch (initial.kind) {
    case 'normal':
      return () => initial.deviation * stream.normal()
    case 'he':
      return () => Math.sqrt(2 / fanIn) * stream.normal()
    case 'fan-in':
      return () => stream.between(-1, 1) / Math.sqrt(fanIn)
  }
}
