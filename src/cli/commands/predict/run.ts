import pc from 'picocolors'
import { pictureFiles } from '../../../data/node/pictures/picture-files.js'
import type { SkippedFile } from '../../../data/node/pictures/picture-list.js'
import type { ViewCount } from '../../../data/view-counts.js'
import { openClassifier, type Prediction } from '../../../inference/node/open-classifier.js'
import { chooseEngine } from '../../choose-engine.js'
import { percent } from '../../format.js'
import { leftOut } from '../../left-out.js'
import { openCheckpoint } from '../../open-checkpoint.js'
import type { ComputeOptions } from '../../options.js'
import { result } from '../../output.js'
import { printable } from '../../printable.js'

export interface PredictFlags extends ComputeOptions {
  readonly top: number
  readonly views: ViewCount
  readonly average: boolean
  readonly json?: true
}

/** `alexnet predict`: pictures in, their most probable classes out; files that cannot be read are listed at the end. */
export async function runPredict(run: string, paths: readonly string[], flags: PredictFlags): Promise<void> {
  const { engine } = await chooseEngine(flags, { measures: false })
  const checkpoint = await openCheckpoint(run, flags)
  const { files, skipped: unfollowed } = await pictureFiles(paths, { takeMissing: true })
  const skipped = [...unfollowed]
  // A single file needs no list: what is wrong with it is the error.
  const onUnreadable = files.length === 1 ? undefined : (file: SkippedFile) => void skipped.push(file)
  const net = await openClassifier(checkpoint, { ...flags, engine })
  try {
    const predictions = await net.predict(files, { top: flags.top, onUnreadable })
    if (flags.json) result(JSON.stringify(inOrder(files, predictions, skipped)))
    else print(predictions, net.classes)
  } finally {
    await net.close()
  }
  // These are errors, which --quiet does not hide.
  for (const line of leftOut(skipped, '--json names them all')) process.stderr.write(`${line}\n`)
  if (skipped.length > 0) process.exitCode = 1
}

/** What is said of each file, in the order of the files. */
function inOrder(files: readonly string[], predictions: readonly Prediction[], skipped: readonly SkippedFile[]) {
  const said = new Map<string, Prediction | { readonly file: string; readonly error: string }>()
  for (const prediction of predictions) said.set(prediction.file, prediction)
  for (const { name, reason } of skipped) said.set(name, { file: name, error: reason })
  const given = new Set(files)
  return [...files, ...[...said.keys()].filter((file) => !given.has(file))].map((file) => said.get(file))
}

function print(predictions: readonly Prediction[], classes: readonly string[]): void {
  const width = Math.max(...classes.map((name) => name.length))
  for (const { file, top } of predictions) {
    result(pc.bold(printable(file)))
    for (const { label, probability } of top)
      result(
        `  ${printable(label).padEnd(width)}  ${percent(probability).padStart(8)}  ${'█'.repeat(Math.round(30 * probability))}`,
      )
  }
}
