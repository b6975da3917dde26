import * as z from 'zod'
import type { Tensor } from '../../tensor.js'
import { sampled } from './sampled.js'
import { plainKind } from './transform-kind.js'

const scalingSchema = z
  .strictObject({
    kind: z.literal('scaling'),
    scale: z
      .tuple([z.number().positive(), z.number().positive()])
      .refine(([least, most]) => least <= most, 'expected the smaller factor first')
      .default([0.8, 1.2])
      .describe('The least and the greatest factor.'),
  })
  .describe(
    'Enlarged or reduced about the centre by a uniform factor between the two of `scale`; the frame stays. In a test: ' +
      'nothing.',
  )

/** One number of the stream: the factor. */
export const scalingKind = plainKind(scalingSchema, {
  train({ scale: [least, most] }, { geometry }, stream) {
    geometry.scale(stream.between(least, most))
  },
})

/**
 * The picture enlarged (above 1) or reduced about its centre in a frame of its own size, with a triangle filter; what comes
 * in from outside is 0.
 *
 * @param picture (C, H, W).
 * @returns (C, H, W), a new tensor.
 */
export function scale(picture: Tensor<'float32'>, factor: number): Tensor<'float32'> {
  return sampled(picture, (geometry) => geometry.scale(factor))
}
