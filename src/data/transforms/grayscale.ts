import * as z from 'zod'
import { adjustSaturation } from './enhance.js'
import { plainKind } from './transform-kind.js'

const grayscaleSchema = z
  .strictObject({
    kind: z.literal('grayscale'),
    probability: z.number().min(0).max(1).default(0.1).describe('Of a use of a picture.'),
  })
  .describe('Without its colours, with this probability. In a test: nothing.')

/** torchvision's `RandomGrayscale`. One number of the stream: whether. */
export const grayscaleKind = plainKind(grayscaleSchema, {
  train({ probability }, { colours }, stream) {
    if (stream.chance(probability)) colours.push((picture) => adjustSaturation(picture, 0))
  },
})
