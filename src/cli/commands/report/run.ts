import { existsSync } from 'node:fs'
import type { PartName } from '../../../data/node/pictures/picture-list.js'
import { AlexNetError } from '../../../errors.js'
import { loadEvaluated } from '../../../inference/node/load-evaluated.js'
import { writeReport } from '../../../report/node/write-report.js'
import { readCheckpoint } from '../../../runs/node/checkpoint-files.js'
import { zooNameOf } from '../../../runs/node/zoo-files.js'
import { ZOO } from '../../../runs/zoo-names.js'
import { chooseEngine } from '../../choose-engine.js'
import { endingOf } from '../../file-ending.js'
import { fileSize } from '../../format.js'
import type { ComputeOptions } from '../../options.js'
import { remark, result } from '../../output.js'
import { PictureProgress } from '../../picture-progress.js'
import { warning } from '../../warning.js'

export interface ReportFlags extends ComputeOptions {
  readonly data?: string
  readonly part?: PartName
  readonly out?: string
  readonly force?: true
  readonly batchSize: number
  readonly json?: true
}

/** `alexnet report`: a run in, its report out. */
export async function runReport(run: string, flags: ReportFlags): Promise<void> {
  const { data, part, out, force, batchSize, threads, precision } = flags
  if (out !== undefined) endingOf(out, ['html', 'htm'], 'A report is one HTML file, which a browser prints as PDF.')
  const zoo = zooNameOf(run)
  if (zoo && out === undefined)
    throw new AlexNetError(
      'usage',
      `${ZOO}${zoo} lies in the package, and no report beside it`,
      'Give the file to write: --out report.html',
    )
  if (out !== undefined && existsSync(out) && !force)
    throw new AlexNetError('not-writable', `${out} is there already`, 'Choose another --out, or give --force.')
  const { engine } = await chooseEngine(flags)
  const checkpoint = await readCheckpoint(run)
  const evaluated = await loadEvaluated(run, checkpoint, { directory: data, part })
  for (const note of evaluated.notes) remark(warning(note))
  const progress = new PictureProgress('classified')
  await progress.follow('Stopping: no report is written.', async (following) => {
    const written = await writeReport({
      ...{ run, ...evaluated, engine, threads, precision, batchSize, out },
      ...following,
    })
    progress.finish()
    result(flags.json ? JSON.stringify(written) : `${written.file} (${fileSize(written.bytes)})`)
  })
}
