import { random } from '../../random.js'
import type { Image } from '../image.js'
import { measureColour } from '../measure-colour.js'
import { measureNormalisation } from '../measure-normalisation.js'
import type { ChannelNormalisation } from '../normalisation.js'
import { inputShape, type Preprocessing, preprocess } from '../preprocessing.js'
import { resolveTransforms, type TransformSettings, transformSettingsSchema } from '../transforms/transform.js'
import type { SheetRow } from './contact-sheet.js'

export interface AugmentationRow extends SheetRow {
  /** What was drawn. */
  readonly transforms: readonly TransformSettings[]
}

/**
 * What each kind of transform makes of a picture, and what a recipe's chain does: a row each, several draws in a row. The
 * mean and the colours are those of the picture itself, as if it were the training set.
 *
 * @param options.size The shorter side that the picture is resized to.
 * @param options.chain The recipe's; kinds that are in it are drawn with its settings.
 */
export async function augmentationRows(
  image: Image,
  options: {
    readonly size: number
    readonly chain: { readonly name: string; readonly transforms: readonly TransformSettings[] }
    readonly seed: number
    readonly count: number
  },
): Promise<AugmentationRow[]> {
  const { size, chain, seed, count } = options
  const normalisation = await measureNormalisation([image], 'channel', size)
  const colour = await measureColour([image])
  const draw = (label: string, transforms: readonly TransformSettings[], draws: number): AugmentationRow => {
    const preprocessing: Preprocessing = {
      size,
      normalisation,
      augmentation: resolveTransforms(transforms, size, colour),
    }
    const cells = Array.from({ length: draws }, (_, n) => drawn(image, preprocessing, seed, n))
    return { label, transforms, cells }
  }
  const rows = allKinds(size).map((byDefault) => {
    const transform = chain.transforms.find(({ kind }) => kind === byDefault.kind) ?? byDefault
    return draw(describe(transform), [transform], count)
  })
  return [
    draw('as in a test, whole', [], 1),
    ...rows,
    draw(`${chain.name}: ${chain.transforms.map(({ kind }) => kind).join(', ') || 'nothing'}`, chain.transforms, count),
  ]
}

/** A crop of the paper's proportions: 224 of 256. */
function allKinds(size: number): TransformSettings[] {
  const crop = Math.max(1, Math.round((size * 224) / 256))
  return [
    { kind: 'mirror' },
    { kind: 'vertical-flip' },
    { kind: 'rotation' },
    { kind: 'scaling' },
    { kind: 'translation' },
    { kind: 'random-crop', size: crop },
    { kind: 'random-resized-crop', size: crop },
    { kind: 'rand-augment' },
    { kind: 'colour-jitter' },
    // One of ten would often not be seen.
    { kind: 'grayscale', probability: 0.5 },
    { kind: 'colour-noise' },
    { kind: 'gaussian-noise' },
    { kind: 'random-erasing' },
  ].map((settings) => transformSettingsSchema.parse(settings))
}

/** `rotation: degrees 25`. */
function describe({ kind, ...settings }: TransformSettings): string {
  const parts = Object.entries(settings).map(([name, value]) => {
    const parts = [value].flat().map((part) => (typeof part === 'number' ? Number(part.toFixed(3)) : part))
    return `${name} ${parts.join(' to ')}`
  })
  return parts.length === 0 ? kind : `${kind}: ${parts.join(', ')}`
}

/** One use of the picture, back on the scale of bytes. */
function drawn(image: Image, preprocessing: Preprocessing, seed: number, n: number): Image {
  const shape = inputShape(preprocessing)
  const values = new Float32Array(shape[0] * shape[1] * shape[2])
  const stream = preprocessing.augmentation.length === 0 ? undefined : random(seed, 'augmentation', n)
  preprocess(image.data, image.shape, preprocessing, stream, values, 0)
  const { mean, deviation } = preprocessing.normalisation as ChannelNormalisation
  const area = shape[1] * shape[2]
  const data = Uint8Array.from(values, (value, i) => {
    const c = Math.floor(i / area)
    return Math.max(0, Math.min(255, Math.round(value * deviation[c] + mean[c])))
  })
  return { shape: [3, shape[1], shape[2]], data }
}
