import * as z from 'zod'
import { adjustBrightness, adjustContrast, adjustSaturation } from './enhance.js'
import { adjustHue } from './hue.js'
import { plainKind } from './transform-kind.js'

const strength = z.number().min(0)

/** The defaults are those of timm's `--color-jitter`. */
const colourJitterSchema = z
  .strictObject({
    kind: z.literal('colour-jitter'),
    brightness: strength.default(0.4).describe('The factor is uniform between 1 − brightness and 1 + brightness.'),
    contrast: strength.default(0.4).describe('In the same way.'),
    saturation: strength.default(0.4).describe('In the same way.'),
    hue: strength.max(0.5).default(0).describe('Turned by up to this share of the circle, either way.'),
  })
  .describe(
    'Brightness, contrast, saturation and hue changed by random factors, in random order, on the picture before it is ' +
      'normalised. In a test: nothing.',
  )

/** torchvision's `ColorJitter`. Seven numbers of the stream: three for the order, then the four factors. */
export const colourJitterKind = plainKind(colourJitterSchema, {
  train({ brightness, contrast, saturation, hue }, { colours }, stream) {
    const order = stream.permutation(4)
    const factor = (most: number) => stream.between(Math.max(0, 1 - most), 1 + most)
    const changes = [
      { by: factor(brightness), adjust: adjustBrightness, none: 1 },
      { by: factor(contrast), adjust: adjustContrast, none: 1 },
      { by: factor(saturation), adjust: adjustSaturation, none: 1 },
      { by: stream.between(-hue, hue), adjust: adjustHue, none: 0 },
    ]
    for (const n of order) {
      const { by, adjust, none } = changes[n]
      if (by !== none) colours.push((picture) => adjust(picture, by))
    }
  },
})
