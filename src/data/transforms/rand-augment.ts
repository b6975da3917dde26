import * as z from 'zod'
import { adjustBrightness, adjustContrast, adjustSaturation, adjustSharpness } from './enhance.js'
import { autoContrast, equalize, posterize, solarize } from './tones.js'
import { type PictureUse, type Planes, plainKind } from './transform-kind.js'

/** The greatest magnitude: there are 31, from 0 on. */
const MOST = 30

const randAugmentSchema = z
  .strictObject({
    kind: z.literal('rand-augment'),
    operations: z.int().positive().default(2).describe('How many follow one another.'),
    magnitude: z.int().min(0).max(MOST).default(9).describe('How strong they are.'),
  })
  .describe(
    'RandAugment: so many operations, each drawn among fourteen: sheared, moved or turned; another brightness, ' +
      'saturation, contrast or sharpness; posterized, solarized, stretched or equalized tones; or nothing. In a test: nothing.',
  )

/** @param amount From 0 to 1; of an operation with two directions from −1. */
type Operation = (use: PictureUse, amount: number) => void

function colour(adjust: (picture: Planes, amount: number) => void): Operation {
  return ({ colours }, amount) => colours.push((picture) => adjust(picture, amount))
}

function enhanced(adjust: (picture: Planes, factor: number) => void): Operation {
  return colour((picture, amount) => adjust(picture, 1 + 0.9 * amount))
}

/** A number of whole pixels, as a share of the side: 150 of the 331 of the pictures that it was found with. */
function pixels(amount: number, side: number): number {
  return Math.trunc((amount * 150 * side) / 331)
}

/** In both directions. */
const signed: readonly Operation[] = [
  ({ geometry }, amount) => geometry.shear(0.3 * amount, 0),
  ({ geometry }, amount) => geometry.shear(0, 0.3 * amount),
  ({ geometry }, amount) => geometry.translate(0, pixels(amount, geometry.width)),
  ({ geometry }, amount) => geometry.translate(pixels(amount, geometry.height), 0),
  ({ geometry }, amount) => geometry.rotate(30 * amount),
  enhanced(adjustBrightness),
  enhanced(adjustSaturation),
  enhanced(adjustContrast),
  enhanced(adjustSharpness),
]

/** In torchvision's order. */
const operations: readonly Operation[] = [
  () => {},
  ...signed,
  colour((picture, amount) => posterize(picture, 8 - Math.round(4 * amount))),
  colour((picture, amount) => solarize(picture, 255 - 255 * amount)),
  colour(autoContrast),
  colour(equalize),
]

/**
 * torchvision's `RandAugment` (Cubuk et al., 2019), with its fourteen operations and their ranges. For each operation one
 * number of the stream, which; and where it has two directions one more.
 */
export const randAugmentKind = plainKind(randAugmentSchema, {
  train({ operations: count, magnitude }, use, stream) {
    for (let n = 0; n < count; n++) {
      const drawn = stream.integer(operations.length)
      const sign = drawn > 0 && drawn <= signed.length && stream.chance(0.5) ? -1 : 1
      operations[drawn](use, (sign * magnitude) / MOST)
    }
  },
})
