import { random } from '../../random.js'
import type { Image } from '../image.js'
import { measureColour } from '../measure-colour.js'
import { measureNormalisation } from '../measure-normalisation.js'
import { drawMix, mixPictures } from '../mix/mix.js'
import { type MixingSettings, resolveMixing } from '../mix/mixing.js'
import type { ChannelNormalisation } from '../normalisation.js'
import { inputShape, type Preprocessing, preprocess } from '../preprocessing.js'
import { resolveTransforms, type TransformSettings, transformSettingsSchema } from '../transforms/transform.js'
import type { SheetRow } from './contact-sheet.js'

export interface AugmentationRow extends SheetRow {
  /** What was drawn. */
  readonly transforms: readonly TransformSettings[]
  /** How the picture was mixed with its partner afterwards. */
  readonly mix?: MixingSettings
}

/**
 * What each kind of transform makes of a picture, and what a recipe's chain does: a row each, several draws in a row. The
 * mean and the colours are those of the picture itself, as if it were the training set.
 *
 * @param options.size The shorter side that the picture is resized to.
 * @param options.chain The recipe's; kinds that are in it are drawn with its settings.
 * @param options.partner Another picture: what mixup and CutMix make of both after the chain, with the α of `mix`, else 1.
 */
export async function augmentationRows(
  image: Image,
  options: {
    readonly size: number
    readonly chain: { readonly name: string; readonly transforms: readonly TransformSettings[] }
    readonly partner?: Image | undefined
    readonly mix?: MixingSettings | undefined
    readonly seed: number
    readonly count: number
  },
): Promise<AugmentationRow[]> {
  const { size, chain, partner, seed, count } = options
  const normalisation = await measureNormalisation([image], 'channel', size)
  const colour = await measureColour([image])
  const preprocessingOf = (transforms: readonly TransformSettings[]): Preprocessing => ({
    size,
    normalisation,
    augmentation: resolveTransforms(transforms, size, colour),
  })
  const draw = (label: string, transforms: readonly TransformSettings[], draws: number): AugmentationRow => {
    const preprocessing = preprocessingOf(transforms)
    const cells = Array.from({ length: draws }, (_, n) => drawn([image], preprocessing, { seed, n }))
    return { label, transforms, cells }
  }
  const drawMixed = (kind: 'mixup' | 'cutmix', other: Image): AugmentationRow => {
    const { transforms } = chain
    const mix = { [kind]: options.mix?.[kind] || 1 }
    const preprocessing = preprocessingOf(transforms)
    const cells = Array.from({ length: count }, (_, n) => drawn([image, other], preprocessing, { seed, n, mix }))
    return { label: `${kind}: alpha ${mix[kind]}`, transforms, cells, mix }
  }
  const rows = allKinds(size).map((byDefault) => {
    const transform = chain.transforms.find(({ kind }) => kind === byDefault.kind) ?? byDefault
    return draw(describe(transform), [transform], count)
  })
  return [
    draw('as in a test, whole', [], 1),
    ...rows,
    draw(`${chain.name}: ${chain.transforms.map(({ kind }) => kind).join(', ') || 'nothing'}`, chain.transforms, count),
    ...(partner ? [drawMixed('mixup', partner), drawMixed('cutmix', partner)] : []),
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

/** One use of the first of some pictures, mixed with the others where `mix` says so, back on the scale of bytes. */
function drawn(
  images: readonly Image[],
  preprocessing: Preprocessing,
  { seed, n, mix }: { readonly seed: number; readonly n: number; readonly mix?: MixingSettings },
): Image {
  const [channels, height, width] = inputShape(preprocessing)
  const size = channels * height * width
  const values = new Float32Array(images.length * size)
  images.forEach(({ data, shape }, i) => {
    const key = i === 0 ? [n] : [n, i]
    const stream = preprocessing.augmentation.length === 0 ? undefined : random(seed, 'augmentation', ...key)
    preprocess(data, shape, preprocessing, stream, values, i * size)
  })
  const mixing = resolveMixing(mix)
  const drawnMix = mixing && drawMix(mixing, width, random(seed, 'mix', n))
  if (drawnMix) mixPictures(values, [images.length, channels, height, width], drawnMix)
  const { mean, deviation } = preprocessing.normalisation as ChannelNormalisation
  const data = Uint8Array.from(values.subarray(0, size), (value, i) => {
    const c = Math.floor(i / (height * width))
    return Math.max(0, Math.min(255, Math.round(value * deviation[c] + mean[c])))
  })
  return { shape: [3, height, width], data }
}
