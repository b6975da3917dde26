import * as z from 'zod'
import type { Tensor } from '../../tensor.js'
import { sampled } from './sampled.js'
import { plainKind } from './transform-kind.js'

const verticalFlipSchema = z
  .strictObject({ kind: z.literal('vertical-flip') })
  .describe('Top and bottom exchanged with probability ½: for pictures without an up and down. In a test: nothing.')

/** One number of the stream: whether. */
export const verticalFlipKind = plainKind(verticalFlipSchema, {
  train(_, { geometry }, stream) {
    if (stream.chance(0.5)) geometry.flipVertically()
  },
})

/** Top and bottom exchanged. @param picture (C, H, W). @returns (C, H, W), a new tensor. */
export function verticalFlip(picture: Tensor<'float32'>): Tensor<'float32'> {
  return sampled(picture, (geometry) => geometry.flipVertically())
}
