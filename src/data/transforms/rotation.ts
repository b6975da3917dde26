import * as z from 'zod'
import type { Tensor } from '../../tensor.js'
import { sampled } from './sampled.js'
import { plainKind } from './transform-kind.js'

const rotationSchema = z
  .strictObject({
    kind: z.literal('rotation'),
    degrees: z.number().positive().max(180).default(25).describe('The largest angle.'),
  })
  .describe('Turned about the centre by a uniform angle between −degrees and +degrees. In a test: nothing.')

/** One number of the stream: the angle. */
export const rotationKind = plainKind(rotationSchema, {
  train({ degrees }, { geometry }, stream) {
    geometry.rotate(stream.between(-degrees, degrees))
  },
})

/**
 * The picture turned about its centre, bilinear; the corners that come in from outside are 0. The rules are those of
 * Pillow's `Image.rotate(degrees, BILINEAR)`.
 *
 * @param picture (C, H, W).
 * @param degrees Counter-clockwise.
 * @returns (C, H, W), a new tensor.
 */
export function rotate(picture: Tensor<'float32'>, degrees: number): Tensor<'float32'> {
  return sampled(picture, (geometry) => geometry.rotate(degrees))
}
