import * as z from 'zod'
import { AlexNetError } from '../../errors.js'
import type { RandomStream } from '../../random.js'
import { float32, type Tensor } from '../../tensor.js'
import { colourSchema } from './colour.js'
import type { TransformKind } from './transform-kind.js'

/** In a recipe. */
const colourNoiseSettingsSchema = z
  .strictObject({
    kind: z.literal('colour-noise'),
    deviation: z.number().positive().default(0.1).describe('Of the share α of each component.'),
  })
  .describe(
    'Adds to every pixel the principal components of the colours of the training set, each times a normal number of its ' +
      'own, drawn once for each use of a picture: the light changes. In a test: nothing.',
  )

/**
 * PCA colour noise, section 4.1 of the paper: adds to every pixel
 *
 *   [p₁ p₂ p₃] [α₁σ₁, α₂σ₂, α₃σ₃]ᵀ        α ~ N(0, deviation), drawn once for each use of a picture
 *
 * where p and σ² are the eigenvectors and eigenvalues of the covariance of the training set's colours. The light on a
 * picture changes, but not what is in it. The paper writes λ, the eigenvalue, for σ; on the scale 0–255 that would be
 * hundreds of levels. The authors' code takes standard deviations (`color_stdevs` in cuda-convnet2's data provider), as
 * here. In a test: nothing.
 */
const colourNoiseSchema = colourNoiseSettingsSchema.extend(colourSchema.shape)

export type ColourNoise = z.infer<typeof colourNoiseSchema>

/** Three normal numbers of the stream, of two uniform ones each: α₁, α₂, α₃. */
export const colourNoiseKind: TransformKind<typeof colourNoiseSchema, typeof colourNoiseSettingsSchema> = {
  schema: colourNoiseSchema,
  settingsSchema: colourNoiseSettingsSchema,
  needsColour: true,
  resolve(settings, { colour }) {
    if (!colour)
      throw new AlexNetError('invalid-setting', 'colour-noise needs the colours of the training set, got none')
    return { ...settings, ...colour }
  },
  train(transform, { shift }, stream) {
    drawColourShift(transform, stream).forEach((value, c) => {
      shift[c] += value
    })
  },
}

/** What is added to R, G and B, on the scale 0–255. */
export function drawColourShift(
  { eigenvalues, eigenvectors, deviation }: Pick<ColourNoise, 'eigenvalues' | 'eigenvectors' | 'deviation'>,
  stream: RandomStream,
): [number, number, number] {
  const shift: [number, number, number] = [0, 0, 0]
  eigenvectors.forEach((vector, component) => {
    const amount = deviation * stream.normal() * Math.sqrt(eigenvalues[component])
    vector.forEach((value, c) => {
      shift[c] += amount * value
    })
  })
  return shift
}

/**
 * The picture with PCA colour noise.
 *
 * @param picture (3, H, W) on the scale 0–255, R, G, B.
 * @returns (3, H, W), a new tensor.
 */
export function colourNoise(
  picture: Tensor<'float32'>,
  settings: Pick<ColourNoise, 'eigenvalues' | 'eigenvectors' | 'deviation'>,
  stream: RandomStream,
): Tensor<'float32'> {
  const shift = drawColourShift(settings, stream)
  const area = picture.shape[1] * picture.shape[2]
  return float32(
    picture.shape,
    picture.data.map((value, i) => value + shift[Math.floor(i / area)]),
  )
}
