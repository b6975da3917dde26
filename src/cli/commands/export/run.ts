import { AlexNetError } from '../../../errors.js'
import { type ExportFormat, exportFormats, type PixelType, pixelTypes } from '../../../exchange/export-formats.js'
import { exportRun } from '../../../exchange/node/export-run.js'
import type { HistoryFormat } from '../../../training/node/export-history.js'
import { endingOf } from '../../file-ending.js'
import { fileSize } from '../../format.js'
import { result } from '../../output.js'

export interface ExportFlags {
  readonly format?: ExportFormat | HistoryFormat
  readonly out?: string
  readonly force?: true
  readonly probabilities?: true
  /** True where the type is left out. */
  readonly preprocess?: true | PixelType
  readonly json?: true
}

const WRITTEN =
  'Written are ONNX, and safetensors that PyTorch loads; other programs make theirs of ONNX. As .csv the curves are written.'

/** `alexnet export`: a run in, a file for other programs out: its network, or how it has learnt. */
export async function runExport(run: string, flags: ExportFlags): Promise<void> {
  const { out, force, probabilities } = flags
  const formats = flags.format === undefined ? [...exportFormats, 'csv' as const] : [flags.format]
  // TensorBoard's is a folder, of any name.
  const format = out === undefined || flags.format === 'tensorboard' ? formats[0] : endingOf(out, formats, WRITTEN)
  const preprocess = flags.preprocess === true ? pixelTypes[0] : flags.preprocess
  if (format !== 'onnx' && (preprocess || probabilities))
    throw new AlexNetError('usage', `${preprocess ? '--preprocess' : '--probabilities'} goes with ONNX only`)
  if (format === 'csv' || format === 'tensorboard') {
    // Loaded when it is needed: it draws, and networks are written without.
    const { exportHistory } = await import('../../../training/node/export-history.js')
    const file = await exportHistory({ run, format, out, force })
    result(flags.json ? JSON.stringify({ file, format }) : `Written: ${file}`)
    return
  }
  const { file, bytes } = await exportRun({ run, format, out, force, probabilities, preprocess })
  result(flags.json ? JSON.stringify({ file, format, bytes }) : `Written: ${file}, ${fileSize(bytes)}`)
}
