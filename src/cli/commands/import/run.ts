import { AlexNetError } from '../../../errors.js'
import type { ChannelOrder } from '../../../exchange/foreign-network.js'
import { imagenetClasses } from '../../../exchange/node/imagenet-classes.js'
import { importRun } from '../../../exchange/node/import-run.js'
import { isTorchvision } from '../../../exchange/node/torchvision-weights.js'
import { summarise } from '../../../models/summary.js'
import { namedZooFile } from '../../../runs/node/zoo-files.js'
import { commandName } from '../../command-name.js'
import { expectFolderName } from '../../file-ending.js'
import { count } from '../../format.js'
import { remark, result } from '../../output.js'
import { printable } from '../../printable.js'
import { shellWord } from '../../shell-word.js'
import { weightsFile } from '../../torchvision.js'

export interface ImportFlags {
  readonly out?: string
  readonly labels?: string
  readonly imageSize?: number
  readonly channels?: ChannelOrder
  readonly mean?: readonly number[]
  readonly deviation?: readonly number[]
  readonly json?: true
}

/** `alexnet import`: another program's file in, a run out. */
export async function runImport(file: string, flags: ImportFlags): Promise<void> {
  const { imageSize, json, ...rest } = flags
  expectFolderName(rest.out)
  if (rest.deviation && !rest.mean) throw new AlexNetError('usage', '--deviation needs --mean')
  const own = isTorchvision(file) ? { name: file, classes: imagenetClasses } : {}
  const { run, checkpoint, notes } = await importRun({
    file: await weightsFile(namedZooFile(file)),
    side: imageSize,
    ...own,
    ...rest,
  })
  const { model, classes, preprocessing } = checkpoint
  const { parameters } = summarise(model)
  if (json) {
    result(JSON.stringify({ run, model: model.name, parameters, classes: classes.length, notes }))
    return
  }
  for (const note of notes) remark(`note   ${note}`)
  result(
    `model  ${model.name}: ${count(parameters)} parameters, ${count(classes.length)} classes\n` +
      `input  pictures resized to ${preprocessing.size}, ${model.inputShape.slice(1).join('×')} of them seen\n` +
      `Saved in ${printable(run)}. Try it: ${commandName} predict ${shellWord(run)} picture.jpg`,
  )
}
