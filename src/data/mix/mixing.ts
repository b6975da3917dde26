import * as z from 'zod'
import { check } from '../../settings/check.js'

const alpha = z.number().nonnegative().default(0)

/** In a recipe. The names and defaults are those of timm's `Mixup`, in its mode `batch`, but that neither is on by default. */
export const mixingSchema = z.strictObject({
  mixup: alpha.describe(
    'α of mixup: pictures of a batch are added up in pairs, in shares that are drawn from Beta(α, α); 0: none.',
  ),
  cutmix: alpha.describe(
    'α of CutMix: pictures of a batch exchange a rectangle in pairs, whose share of the area is drawn from Beta(α, α); 0: none.',
  ),
  probability: z.number().min(0).max(1).default(1).describe('Share of the batches that are mixed at all.'),
  switch: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Where both are on: the share of CutMix among the mixed batches.'),
})

/** How the pictures of a batch are mixed in training. */
export type Mixing = z.infer<typeof mixingSchema>

/** As it may be written: what is left out is its default. */
export type MixingSettings = z.input<typeof mixingSchema>

/**
 * The settings with their defaults; undefined where nothing is mixed.
 * @throws AlexNetError `invalid-setting` that names the key.
 */
export function resolveMixing(settings: MixingSettings | undefined): Mixing | undefined {
  if (!settings) return undefined
  const mixing = check(mixingSchema, settings, 'mix')
  return (mixing.mixup > 0 || mixing.cutmix > 0) && mixing.probability > 0 ? mixing : undefined
}
