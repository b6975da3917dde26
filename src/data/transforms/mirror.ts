import * as z from 'zod'
import type { RandomStream } from '../../random.js'
import { float32, type Tensor } from '../../tensor.js'
import { plainKind } from './transform-kind.js'

const mirrorSchema = z
  .strictObject({ kind: z.literal('mirror') })
  .describe('Left and right exchanged with probability ½. In a test: nothing.')

/** One number of the stream: whether. */
export const mirrorKind = plainKind(mirrorSchema, {
  train(_, { geometry }, stream) {
    if (drawMirror(stream)) geometry.mirror()
  },
})

/** Left and right exchanged: a horizontal flip. @param picture (C, H, W). @returns (C, H, W), a new tensor. */
export function mirror(picture: Tensor<'float32'>): Tensor<'float32'> {
  const width = picture.shape[2]
  const mirrored = new Float32Array(picture.data.length)
  for (let row = 0; row < mirrored.length; row += width)
    for (let x = 0; x < width; x++) mirrored[row + x] = picture.data[row + width - 1 - x]
  return float32(picture.shape, mirrored)
}

/** Whether this use of a picture is mirrored: probability ½, one number of `stream`. */
function drawMirror(stream: RandomStream): boolean {
  return stream.chance(0.5)
}

/** The picture or its mirror image, each with probability ½. @param picture (C, H, W). */
export function randomMirror(picture: Tensor<'float32'>, stream: RandomStream): Tensor<'float32'> {
  return drawMirror(stream) ? mirror(picture) : picture
}
