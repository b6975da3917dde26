import * as z from 'zod'

/** The `size` of a crop in a recipe. */
export const croppedSide = z
  .int()
  .positive()
  .optional()
  .describe('The side of the square, in pixels; default: the shorter side of the pictures.')
