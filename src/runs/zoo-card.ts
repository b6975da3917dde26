import * as z from 'zod'
import { zooNames } from './zoo-names.js'

const share = z.number().min(0).max(1)

const certainty = z.strictObject({ about: z.string(), images: z.int().positive(), unsure: share, sure: share })

/** What a network of the zoo is, how it was made, what it knows and what it does not: `zoo/cifar10.json`. */
export const zooCardSchema = z.strictObject({
  name: z.enum(zooNames),
  about: z.string(),
  /** The checkpoint beside the card. */
  file: z.strictObject({
    name: z.string(),
    bytes: z.int().positive(),
    sha256: z.string().regex(/^[\da-f]{64}$/),
  }),
  model: z.string(),
  parameters: z.int().positive(),
  /** The side of its pictures, in pixels. */
  imageSize: z.int().positive(),
  classes: z.array(z.string()).min(2),
  /** Measured from the file as it is, on pictures that it has not learnt from. */
  accuracy: z
    .array(
      z.strictObject({
        views: z.int().positive(),
        top1: share,
        loss: z.number(),
        images: z.int().positive(),
      }),
    )
    .min(1),
  /**
   * How sure it is of its first answer: shares of pictures of its classes, and of pictures of other things, whose
   * probability is below `SURE`, and above 0.9.
   */
  certainty: z.strictObject({ own: certainty, others: certainty }),
  /** How it was trained, and the command that did it. */
  training: z.strictObject({ about: z.string(), command: z.string() }),
  data: z.strictObject({ about: z.string(), terms: z.string() }),
  /** What it is bad at. */
  limits: z.array(z.string()).min(1),
})

export type ZooCard = z.infer<typeof zooCardSchema>
