import { existsSync } from 'node:fs'
import { basename, dirname, extname, resolve } from 'node:path'
import { AlexNetError } from '../../errors.js'
import { encodeOnnx } from '../../formats/onnx/encode.js'
import { readCheckpoint } from '../../runs/node/checkpoint-files.js'
import { writeAtomically } from '../../runs/node/write-atomically.js'
import type { ExportFormat } from '../export-formats.js'
import { exportOnnx, type OnnxExportOptions } from '../export-onnx.js'
import { exportSafetensors } from '../export-safetensors.js'

export interface ExportOptions extends OnnxExportOptions {
  /** The folder of a run, or a checkpoint. */
  readonly run: string
  readonly format: ExportFormat
  /** Default: the run's name with the format's ending, in the current folder. */
  readonly out?: string
  /** Replace a file that is there. */
  readonly force?: boolean
}

/**
 * Writes a trained network for other programs.
 * @returns The file's path and size.
 * @throws AlexNetError `run-exists` when there is such a file already, `not-writable`, or the errors of `readCheckpoint`.
 * @example await exportRun({ run: 'runs/shapes-1', format: 'onnx', out: 'shapes.onnx' })
 */
export async function exportRun(options: ExportOptions): Promise<{ readonly file: string; readonly bytes: number }> {
  const { run, format, force } = options
  const file = options.out ?? `${nameOf(run)}.${format}`
  const expectFree = () => {
    if (!force && existsSync(file))
      throw new AlexNetError('run-exists', `${file} is there already`, 'Give another --out, or --force to replace it.')
  }
  expectFree()
  const checkpoint = await readCheckpoint(run)
  const parts = format === 'onnx' ? [encodeOnnx(exportOnnx(checkpoint, options))] : exportSafetensors(checkpoint)
  expectFree()
  await writeAtomically(file, parts)
  return { file, bytes: parts.reduce((sum, part) => sum + part.length, 0) }
}

/** The folder's name; of a checkpoint within a run, its folder's too. */
function nameOf(run: string): string {
  const path = resolve(run)
  if (extname(path) !== '.safetensors') return basename(path)
  return `${basename(dirname(path))}-${basename(path, '.safetensors')}`
}
