import * as z from 'zod'

/** Two positive numbers, the smaller first. */
export const range = z
  .tuple([z.number().positive(), z.number().positive()])
  .refine(([least, most]) => least <= most, 'expected the smaller number first')

/** Of an area. */
export const shares = range.refine(([, most]) => most <= 1, 'expected shares of the area, at most 1')
