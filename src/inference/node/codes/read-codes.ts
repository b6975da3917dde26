import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { AlexNetError, messageOf } from '../../../errors.js'
import { decodeNpy } from '../../../formats/npy.js'
import type { Checkpoint } from '../../../runs/checkpoint.js'
import { parametersDigest } from './parameters-digest.js'
import { namesFile } from './write-codes.js'

/** Codes that were written before. */
export interface StoredCodes {
  readonly layer: string
  readonly files: readonly string[]
  /** (N, size). */
  readonly codes: Float32Array
  readonly size: number
}

const namesSchema = z.strictObject({
  format: z.literal('alexnet-codes-1'),
  layer: z.string(),
  parameters: z.string(),
  files: z.array(z.string()),
})

/**
 * Reads codes that `writeCodes` has written as an array of NumPy.
 *
 * @throws AlexNetError `missing-data`, `corrupt-data`, or `incompatible-state` when another network, or another layer of it
 * than the one asked for, has made them.
 */
export async function readCodes(
  file: string,
  { checkpoint, layer }: { readonly checkpoint: Checkpoint; readonly layer?: string },
): Promise<StoredCodes> {
  const names = namesFile(file)
  const [bytes, text] = await Promise.all([file, names].map((path) => readFile(path).catch(missing)))
  const codes = decodeNpy(bytes, file)
  const list = parseNames(text.toString('utf8'), names)
  if (codes.shape.length !== 2 || codes.shape[0] !== list.files.length)
    throw new AlexNetError(
      'corrupt-data',
      `${file} has ${codes.shape[0]} rows, and ${names} names ${list.files.length} files`,
      'Write it again: alexnet features',
    )
  if (list.parameters !== parametersDigest(checkpoint) || (layer !== undefined && layer !== list.layer))
    throw new AlexNetError(
      'incompatible-state',
      `${file} holds codes of ${list.parameters === parametersDigest(checkpoint) ? `the layer ${list.layer}, not ${layer}` : 'another network'}`,
      'Write them again: alexnet features',
    )
  return { layer: list.layer, files: list.files, codes: codes.data, size: codes.shape[1] }
}

function parseNames(text: string, origin: string): z.infer<typeof namesSchema> {
  try {
    return namesSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new AlexNetError('corrupt-data', `${origin} is damaged`, 'Write it again: alexnet features', { cause: error })
  }
}

function missing(error: unknown): never {
  throw new AlexNetError('missing-data', messageOf(error), 'Give a .npy file that `alexnet features` has written.', {
    cause: error,
  })
}
