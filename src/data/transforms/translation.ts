import * as z from 'zod'
import type { RandomStream } from '../../random.js'
import type { Tensor } from '../../tensor.js'
import { sampled } from './sampled.js'
import { plainKind } from './transform-kind.js'

const translationSchema = z
  .strictObject({
    kind: z.literal('translation'),
    share: z
      .number()
      .positive()
      .max(1)
      .default(0.1)
      .describe('The farthest, as a share of the height and of the width.'),
  })
  .describe(
    'Moved down and to the right by whole pixels, uniform between −share and +share of the height and of the width. In a ' +
      'test: nothing.',
  )

/** Two numbers of the stream: down, right. */
export const translationKind = plainKind(translationSchema, {
  train({ share }, { geometry }, stream) {
    const down = drawOffset(share * geometry.height, stream)
    const right = drawOffset(share * geometry.width, stream)
    geometry.translate(down, right)
  },
})

function drawOffset(most: number, stream: RandomStream): number {
  const whole = Math.floor(most)
  return stream.integer(2 * whole + 1) - whole
}

/**
 * The picture moved by whole pixels within its frame; what comes in from outside is 0.
 *
 * @param picture (C, H, W).
 * @returns (C, H, W), a new tensor.
 */
export function translate(picture: Tensor<'float32'>, down: number, right: number): Tensor<'float32'> {
  return sampled(picture, (geometry) => geometry.translate(down, right))
}
