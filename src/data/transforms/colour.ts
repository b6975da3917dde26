import * as z from 'zod'

const three = z.tuple([z.number(), z.number(), z.number()])

/** The principal components of the colours of a training set: see `measureColour`. */
export const colourSchema = z.strictObject({
  /** The variances along the components, on the scale 0–255, the largest first. */
  eigenvalues: three,
  /** The components, one a row, each (R, G, B) of length 1. */
  eigenvectors: z.tuple([three, three, three]),
})

export type Colour = z.infer<typeof colourSchema>
