import { InvalidArgumentError, type Option } from 'commander'
import type * as z from 'zod'
import { type TransformSettings, transformSettingsSchema } from '../../../data/transforms/transform.js'
import { bySchema } from '../../by-schema.js'
import { entryOption } from './setting-option.js'

type Kind = TransformSettings['kind']

/** The usual order of the kinds. */
const order = transformSettingsSchema.options.map(({ shape }) => shape.kind.value)

/**
 * An option that puts a kind of transform into `data.augmentation`: in place of what there is of the kind, else where it
 * is usual. Its value is that of some keys of the kind; without one the defaults hold.
 */
export function augmentationOption(
  flags: string,
  kind: Kind,
  keys: readonly [string, ...string[]],
  about: string,
): Option {
  const schema: z.ZodObject = transformSettingsSchema.options[order.indexOf(kind)]
  const usual = String(schema.parse({ kind })[keys[0]])
  const read = bySchema(schema, keys[0])
  const option: Option = entryOption(flags, 'data.augmentation', about, (text) => {
    const value = readBeforeDataset(read, text, `${option.long}=${usual}`)
    const transform = schema.parse({ kind, ...Object.fromEntries(keys.map((key) => [key, value])) })
    return {
      value: transform,
      into: (list) => placed((list ?? []) as TransformSettings[], transform as TransformSettings),
    }
  }).preset(usual)
  return option
}

/** A data set that follows the option is taken for its value. */
function readBeforeDataset(read: (text: string) => unknown, text: string, written: string): unknown {
  try {
    return read(text)
  } catch (error) {
    if (!(error instanceof InvalidArgumentError) || !Number.isNaN(Number(text))) throw error
    throw new InvalidArgumentError(`${error.message} Where DATASET follows, write ${written}.`)
  }
}

function placed(list: readonly TransformSettings[], transform: TransformSettings): TransformSettings[] {
  const { kind } = transform
  const there = list.findIndex((other) => other.kind === kind)
  const others = list.filter((other) => other.kind !== kind)
  const isBefore = (other: TransformSettings) => order.indexOf(other.kind) < order.indexOf(kind)
  return others.toSpliced(there >= 0 ? there : others.findLastIndex(isBefore) + 1, 0, transform)
}
