import * as z from 'zod'
import { AlexNetError } from '../../errors.js'
import type { RandomStream } from '../../random.js'
import { type Colour, colourNoiseKind, colourNoiseSchema, colourNoiseSettingsSchema } from './colour-noise.js'
import { gaussianNoiseKind, gaussianNoiseSchema } from './gaussian-noise.js'
import { mirrorKind, mirrorSchema } from './mirror.js'
import { randomCropKind, randomCropSchema, randomCropSettingsSchema } from './random-crop.js'
import {
  randomResizedCropKind,
  randomResizedCropSchema,
  randomResizedCropSettingsSchema,
} from './random-resized-crop.js'
import { rotationKind, rotationSchema } from './rotation.js'
import { scalingKind, scalingSchema } from './scaling.js'
import type { PictureUse, TransformKind } from './transform-kind.js'
import { translationKind, translationSchema } from './translation.js'
import { verticalFlipKind, verticalFlipSchema } from './vertical-flip.js'

/** One step of the augmentation in training: drawn anew for every use of a picture. */
export const transformSchema = z.discriminatedUnion('kind', [
  randomCropSchema,
  randomResizedCropSchema,
  mirrorSchema,
  verticalFlipSchema,
  rotationSchema,
  scalingSchema,
  translationSchema,
  gaussianNoiseSchema,
  colourNoiseSchema,
])

export type Transform = z.infer<typeof transformSchema>

/** A transform as it stands in a recipe: what is left out follows from the pictures. */
export const transformSettingsSchema = z.discriminatedUnion('kind', [
  randomCropSettingsSchema,
  randomResizedCropSettingsSchema,
  mirrorSchema,
  verticalFlipSchema,
  rotationSchema,
  scalingSchema,
  translationSchema,
  gaussianNoiseSchema,
  colourNoiseSettingsSchema,
])

export type TransformSettings = z.infer<typeof transformSettingsSchema>

type Kinds = { readonly [K in Transform['kind']]: TransformKind<Extract<Transform, { kind: K }>> }

const kinds: Kinds = {
  'random-crop': randomCropKind,
  'random-resized-crop': randomResizedCropKind,
  mirror: mirrorKind,
  'vertical-flip': verticalFlipKind,
  rotation: rotationKind,
  scaling: scalingKind,
  translation: translationKind,
  'gaussian-noise': gaussianNoiseKind,
  'colour-noise': colourNoiseKind,
}

function kindOf(transform: Transform): TransformKind<Transform> {
  return kinds[transform.kind] as TransformKind<Transform>
}

/**
 * Applies a chain to one use of a picture.
 *
 * @param stream Draws the augmentation of training; without it, the counterparts in a test.
 */
export function applyTransforms(chain: readonly Transform[], use: PictureUse, stream: RandomStream | undefined): void {
  for (const transform of chain) {
    const kind = kindOf(transform)
    if (stream) kind.train(transform, use, stream)
    else kind.test?.(transform, use)
  }
}

/**
 * The side of the square that a chain leaves of pictures whose shorter side is `side`.
 * @throws AlexNetError `invalid-setting` when a transform does not fit.
 */
export function sideAfter(chain: readonly Transform[], side: number): number {
  return chain.reduce((left, transform) => kindOf(transform).sideAfter?.(transform, left) ?? left, side)
}

/** Whether `resolveTransforms` needs the colours of the training set. */
export function needsColour(settings: readonly TransformSettings[]): boolean {
  return settings.some(({ kind }) => kind === 'colour-noise')
}

/**
 * Fills in what follows from the pictures.
 *
 * @param side Their shorter side, in pixels.
 * @param colour What `measureColour` gave of the training set; only where `needsColour`.
 * @throws AlexNetError `invalid-setting` when it is missing.
 */
export function resolveTransforms(settings: readonly TransformSettings[], side: number, colour?: Colour): Transform[] {
  return settings.map((transform) => {
    switch (transform.kind) {
      case 'random-crop':
      case 'random-resized-crop':
        return { ...transform, size: transform.size ?? side }
      case 'colour-noise':
        if (!colour)
          throw new AlexNetError('invalid-setting', 'colour-noise needs the colours of the training set, got none')
        return { ...transform, ...colour }
      default:
        return transform
    }
  })
}
