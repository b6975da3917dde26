import pc from 'picocolors'
import { pictureFiles } from '../../../data/node/pictures/picture-files.js'
import type { SkippedFile } from '../../../data/node/pictures/picture-list.js'
import type { ViewCount } from '../../../data/view-counts.js'
import { openClassifier, type Prediction } from '../../../inference/node/open-classifier.js'
import { zooFor } from '../../../inference/node/zoo-for.js'
import { zooFile, zooNameOf } from '../../../runs/node/zoo-files.js'
import { SURE, ZOO, type ZooName } from '../../../runs/zoo-names.js'
import { chooseEngine } from '../../choose-engine.js'
import { percent } from '../../format.js'
import { leftOut } from '../../left-out.js'
import { openCheckpoint } from '../../open-checkpoint.js'
import type { ComputeOptions } from '../../options.js'
import { remark, result } from '../../output.js'
import { printable } from '../../printable.js'
import { zooLine } from '../../zoo-line.js'
import { operandsOf } from './operands.js'

export interface PredictFlags extends ComputeOptions {
  readonly top: number
  readonly views: ViewCount
  readonly average: boolean
  readonly json?: true
}

/** `alexnet predict`: pictures in, their most probable classes out; files that cannot be read are listed at the end. */
export async function runPredict(
  first: string | undefined,
  others: readonly string[],
  flags: PredictFlags,
): Promise<void> {
  const { run, pictures } = operandsOf(first, others)
  const { engine } = await chooseEngine(flags, { measures: false })
  const { files, skipped: unfollowed } = await pictureFiles(pictures, { takeMissing: true })
  const file = run ?? zooFile(await zooFor(files))
  const checkpoint = await openCheckpoint(file, flags)
  const zoo = zooNameOf(file)
  if (zoo && run === undefined) remark(zooLine(zoo, checkpoint.classes))
  const skipped = [...unfollowed]
  // A single file needs no list: what is wrong with it is the error.
  const onUnreadable = files.length === 1 ? undefined : (file: SkippedFile) => void skipped.push(file)
  const net = await openClassifier(checkpoint, { ...flags, engine })
  try {
    const predictions = await net.predict(files, { top: flags.top, onUnreadable })
    if (flags.json) result(JSON.stringify(inOrder(files, predictions, skipped, zoo)))
    else print(predictions, net.classes, zoo)
  } finally {
    await net.close()
  }
  // These are errors, which --quiet does not hide.
  for (const line of leftOut(skipped, '--json names them all')) process.stderr.write(`${line}\n`)
  if (skipped.length > 0) process.exitCode = 1
}

/** What is said of each file, in the order of the files; by a network of the zoo with its name. */
function inOrder(
  files: readonly string[],
  predictions: readonly Prediction[],
  skipped: readonly SkippedFile[],
  zoo: ZooName | undefined,
) {
  const said = new Map<string, object>()
  for (const prediction of predictions)
    said.set(prediction.file, { ...prediction, ...(zoo && { network: `${ZOO}${zoo}` }) })
  for (const { name, reason } of skipped) said.set(name, { file: name, error: reason })
  const given = new Set(files)
  return [...files, ...[...said.keys()].filter((file) => !given.has(file))].map((file) => said.get(file))
}

function print(predictions: readonly Prediction[], classes: readonly string[], zoo: ZooName | undefined): void {
  const width = Math.max(...classes.map((name) => name.length))
  for (const { file, top } of predictions) {
    result(pc.bold(printable(file)))
    for (const { label, probability } of top)
      result(
        `  ${printable(label).padEnd(width)}  ${percent(probability).padStart(8)}  ${'█'.repeat(Math.round(30 * probability))}`,
      )
    if (zoo && top[0].probability < SURE) result(pc.dim(`  not sure: perhaps it is none of what ${ZOO}${zoo} knows`))
  }
}
