import * as z from 'zod'

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

/** A transform as it stands in a recipe: what is left out follows from the pictures. */
export const transformSettingsSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('random-crop'),
    /** Default: the side of the pictures. */
    size: z.int().positive().optional(),
    padding: z.int().nonnegative().default(0),
  }),
  z.strictObject({ kind: z.literal('mirror') }),
])

export type TransformSettings = z.infer<typeof transformSettingsSchema>

/** Fills in what follows from the pictures, whose side is `side` pixels. */
export function resolveTransforms(settings: readonly TransformSettings[], side: number): Transform[] {
  return settings.map((transform) =>
    transform.kind === 'random-crop' ? { ...transform, size: transform.size ?? side } : transform,
  )
}
