import { z } from 'zod'

/** One step of the augmentation in training: drawn anew for every use of a picture. */
export const transformSchema = z.discriminatedUnion('kind', [
  /**
   * Pads every side with `padding` zeros (the mean, since pictures are normalised), then cuts out a random square of
   * `size` pixels. In a test: the square in the middle.
   */
  z.strictObject({ kind: z.literal('random-crop'), size: z.int().positive(), padding: z.int().nonnegative() }),
  /** Left and right exchanged with probability ½. In a test: nothing. */
  z.strictObject({ kind: z.literal('mirror') }),
])

export type Transform = z.infer<typeof transformSchema>

export type RandomCrop = Extract<Transform, { kind: 'random-crop' }>
