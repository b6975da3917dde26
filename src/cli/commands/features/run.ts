import { pictureFiles } from '../../../data/node/pictures/picture-files.js'
import { codeFormatOf } from '../../../inference/node/codes/code-writer.js'
import { writeCodes } from '../../../inference/node/codes/write-codes.js'
import { readCheckpoint } from '../../../runs/node/checkpoint-files.js'
import { chooseEngine } from '../../choose-engine.js'
import { count } from '../../format.js'
import type { ComputeOptions } from '../../options.js'
import { result } from '../../output.js'
import { PictureProgress } from '../../picture-progress.js'

export interface FeaturesFlags extends ComputeOptions {
  readonly layer?: string
  readonly out: string
  readonly force?: true
  readonly json?: true
}

/** `alexnet features`: pictures in, their codes out. */
export async function runFeatures(run: string, paths: readonly string[], flags: FeaturesFlags): Promise<void> {
  codeFormatOf(flags.out)
  const { engine } = await chooseEngine(flags)
  const checkpoint = await readCheckpoint(run)
  const { files, skipped: unfollowed } = await pictureFiles(paths)
  const progress = new PictureProgress('encoded')
  await progress.follow('Stopping: nothing is written.', async (following) => {
    const { layer, out, force, threads, precision } = flags
    const written = await writeCodes({
      ...{ checkpoint, files, engine, layer, out, force, threads, precision },
      ...following,
    })
    const skipped = [...unfollowed, ...written.skipped]
    progress.finish(skipped)
    if (flags.json) result(JSON.stringify({ ...written, skipped }))
    else
      result(
        `${written.out}: ${count(written.pictures)} × ${count(written.size)}, the output of ${written.layer}` +
          `${written.names ? `; the files of its rows are in ${written.names}` : ''}`,
      )
  })
}
