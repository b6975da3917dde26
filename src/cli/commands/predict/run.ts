import pc from 'picocolors'
import type { ViewCount } from '../../../data/views.js'
import { selectEngine } from '../../../engines/node/select-engine.js'
import { predict } from '../../../inference/node/predict.js'
import { percent } from '../../format.js'
import { openCheckpoint } from '../../open-checkpoint.js'
import type { ComputeOptions } from '../../options.js'

export interface PredictFlags extends ComputeOptions {
  readonly top: number
  readonly views: ViewCount
  readonly average: boolean
  readonly json?: true
}

/** `alexnet predict`: pictures in, their most probable classes out. */
export async function runPredict(run: string, files: readonly string[], flags: PredictFlags): Promise<void> {
  const { engine } = await selectEngine(flags.engine, flags.device)
  const checkpoint = await openCheckpoint(run, flags)
  const { threads, precision, top, views } = flags
  const predictions = await predict({ checkpoint, files, engine, threads, precision, top, views })
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(predictions)}\n`)
    return
  }
  const width = Math.max(...checkpoint.classes.map((name) => name.length))
  for (const { file, top: classes } of predictions) {
    process.stdout.write(`${pc.bold(file)}\n`)
    for (const { label, probability } of classes)
      process.stdout.write(
        `  ${label.padEnd(width)}  ${percent(probability).padStart(8)}  ${'█'.repeat(Math.round(30 * probability))}\n`,
      )
  }
}
