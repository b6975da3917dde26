import { pictureFiles } from '../../../data/node/pictures/picture-files.js'
import { checkSheet, drawSheet } from '../../../inference/node/similar/draw-sheet.js'
import { findSimilar } from '../../../inference/node/similar/find-similar.js'
import { readCheckpoint } from '../../../runs/node/checkpoint-files.js'
import { chooseEngine } from '../../choose-engine.js'
import { count, table } from '../../format.js'
import type { ComputeOptions } from '../../options.js'
import { result } from '../../output.js'
import { PictureProgress } from '../../picture-progress.js'
import { printable } from '../../printable.js'

export interface SimilarFlags extends ComputeOptions {
  readonly top: number
  readonly layer?: string
  readonly out?: string
  readonly force?: true
  readonly json?: true
}

/** `alexnet similar`: a picture and a folder in, the nearest pictures out. */
export async function runSimilar(run: string, image: string, folder: string, flags: SimilarFlags): Promise<void> {
  if (flags.out !== undefined) checkSheet(flags.out, flags.force)
  const { engine } = await chooseEngine(flags, { measures: false })
  const checkpoint = await readCheckpoint(run)
  const stored = /\.npy$/i.test(folder)
  const { files, skipped: unfollowed } = stored ? { files: [], skipped: [] } : await pictureFiles([folder])
  const progress = new PictureProgress('compared')
  await progress.follow('Stopping.', async (following) => {
    const { top, layer, threads, precision, out } = flags
    const similar = await findSimilar({
      ...{ checkpoint, engine, image, top, layer, threads, precision },
      among: stored ? folder : files,
      ...following,
    })
    const skipped = [...unfollowed, ...similar.skipped]
    progress.finish(skipped)
    if (out !== undefined) await drawSheet(similar, out)
    if (flags.json) {
      result(JSON.stringify({ ...similar, skipped, ...(out && { out }) }))
      return
    }
    const rows = similar.nearest.map(({ file, distance }, n) => [String(n + 1), distance.toFixed(3), printable(file)])
    result(
      `Nearest of ${count(similar.compared)} pictures by the output of ${similar.layer}:\n\n` +
        `${table(['', 'distance', 'file'], rows, [0, 1])}${out === undefined ? '' : `\n\nDrawn in ${out}`}`,
    )
  })
}
