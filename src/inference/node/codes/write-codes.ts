import { existsSync } from 'node:fs'
import type { SkippedFile } from '../../../data/node/pictures/picture-list.js'
import { AlexNetError } from '../../../errors.js'
import { codeLayer } from '../../../programs/activations-program.js'
import { writeAtomically } from '../../../runs/node/write-atomically.js'
import { codeFormatOf, openCodeWriter } from './code-writer.js'
import { type EncodeOptions, encodePictures } from './encode-pictures.js'
import { parametersDigest } from './parameters-digest.js'

export interface WriteCodesOptions extends EncodeOptions {
  /** The file to write, ending in `.npy` or `.csv`. */
  readonly out: string
  /** Write over files that are there. */
  readonly force?: boolean
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

export interface WrittenCodes {
  readonly out: string
  /** The file with the names of the rows, where `out` cannot hold them. */
  readonly names?: string
  readonly layer: string
  /** Values of one code. */
  readonly size: number
  /** Pictures that were encoded. */
  readonly pictures: number
  readonly skipped: readonly SkippedFile[]
}

/** Beside an array of NumPy, which holds numbers only: what its rows are. */
export interface CodeNames {
  readonly format: 'alexnet-codes-1'
  readonly layer: string
  /** Of the network that made the codes: those of another mean something else. */
  readonly parameters: string
  readonly files: readonly string[]
}

/** `codes.npy` → `codes.files.json`. */
export function namesFile(out: string): string {
  return out.replace(/\.npy$/i, '.files.json')
}

/**
 * Writes the codes of picture files into one file: an array of NumPy (float32, a row for each picture) with the files'
 * names as JSON beside it, or CSV.
 *
 * @throws AlexNetError `not-writable` where something is there already and `force` is not set, `invalid-image` when not one
 * file can be read, and as `encodePictures` does.
 * @example await writeCodes({ checkpoint, engine, files: ['cat.jpg'], out: 'codes.npy' })
 */
export async function writeCodes(options: WriteCodesOptions): Promise<WrittenCodes> {
  const { out, force, files, checkpoint, onProgress, layer = codeLayer(checkpoint.model) } = options
  const names = codeFormatOf(out) === 'npy' ? namesFile(out) : undefined
  for (const file of [out, names])
    if (file !== undefined && existsSync(file) && !force)
      throw new AlexNetError('not-writable', `${file} is there already`, 'Choose another --out, or give --force.')

  const written: string[] = []
  const skipped: SkippedFile[] = []
  let writer: Awaited<ReturnType<typeof openCodeWriter>> | undefined
  let codeSize = 0
  try {
    for await (const { files: read, codes, size, skipped: unreadable } of encodePictures({ ...options, layer })) {
      codeSize = size
      writer ??= await openCodeWriter(out, size)
      await writer.add(read, codes)
      written.push(...read)
      skipped.push(...unreadable)
      onProgress?.({ done: written.length + skipped.length, total: files.length })
    }
    if (written.length === 0) throw noneRead(skipped)
    const list: CodeNames = {
      format: 'alexnet-codes-1',
      layer,
      parameters: parametersDigest(checkpoint),
      files: written,
    }
    if (names) await writeAtomically(names, [`${JSON.stringify(list)}\n`])
    await writer?.finish()
  } catch (error) {
    await writer?.abandon()
    throw error
  }
  return { out, ...(names && { names }), layer, size: codeSize, pictures: written.length, skipped }
}

/** @returns The error for pictures of which none could be read. */
export function noneRead(skipped: readonly SkippedFile[]): AlexNetError {
  const [first] = skipped
  const reason = first ? `: ${first.name}: ${first.reason}` : ''
  return new AlexNetError('invalid-image', `none of the ${skipped.length} pictures can be read${reason}`)
}
