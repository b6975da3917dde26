import * as z from 'zod'
import type { RandomStream } from '../../random.js'
import type { Colour } from './colour.js'
import { colourJitterKind } from './colour-jitter.js'
import { colourNoiseKind } from './colour-noise.js'
import { gaussianNoiseKind } from './gaussian-noise.js'
import { grayscaleKind } from './grayscale.js'
import { mirrorKind } from './mirror.js'
import { randAugmentKind } from './rand-augment.js'
import { randomCropKind } from './random-crop.js'
import { randomErasingKind } from './random-erasing.js'
import { randomResizedCropKind } from './random-resized-crop.js'
import { rotationKind } from './rotation.js'
import { scalingKind } from './scaling.js'
import type { PictureUse, TransformKind } from './transform-kind.js'
import { translationKind } from './translation.js'
import { verticalFlipKind } from './vertical-flip.js'

/** Every kind of transform, in the order in which a list of them is usual. */
const kinds = {
  'random-crop': randomCropKind,
  'random-resized-crop': randomResizedCropKind,
  mirror: mirrorKind,
  'vertical-flip': verticalFlipKind,
  rotation: rotationKind,
  scaling: scalingKind,
  translation: translationKind,
  'rand-augment': randAugmentKind,
  'colour-jitter': colourJitterKind,
  grayscale: grayscaleKind,
  'colour-noise': colourNoiseKind,
  'gaussian-noise': gaussianNoiseKind,
  'random-erasing': randomErasingKind,
}

type Kind = (typeof kinds)[keyof typeof kinds]

/** One step of the augmentation in training: drawn anew for every use of a picture. */
export type Transform = z.infer<Kind['schema']>

/** A transform as it stands in a recipe: what is left out follows from the pictures. */
export type TransformSettings = z.infer<Kind['settingsSchema']>

/** Checks a transform with all that it needs. */
export const transformSchema: z.ZodType<Transform> = z.discriminatedUnion(
  'kind',
  first(Object.values(kinds).map(({ schema }) => schema)),
)

/** Checks a transform of a recipe. */
export const transformSettingsSchema = z.discriminatedUnion(
  'kind',
  first(Object.values(kinds).map(({ settingsSchema }) => settingsSchema)),
)

/** A list that is known to have a first entry. */
function first<T>(list: readonly T[]): [T, ...T[]] {
  return list as [T, ...T[]]
}

function kindOf({ kind }: Pick<Transform, 'kind'>): TransformKind<z.ZodObject, z.ZodObject> {
  return kinds[kind] as unknown as TransformKind<z.ZodObject, z.ZodObject>
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
  return settings.some((transform) => kindOf(transform).needsColour)
}

/**
 * Fills in what follows from the pictures.
 *
 * @param side Their shorter side, in pixels.
 * @param colour What `measureColour` gave of the training set; only where `needsColour`.
 * @throws AlexNetError `invalid-setting` when it is missing.
 */
export function resolveTransforms(settings: readonly TransformSettings[], side: number, colour?: Colour): Transform[] {
  // Checked, so that the keys have the order in which a checkpoint is read: a run that goes on writes the same bytes.
  return settings.map((transform) => transformSchema.parse(kindOf(transform).resolve(transform, { side, colour })))
}
