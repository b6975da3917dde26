import { Command } from 'commander'
import type { ViewCount } from '../data/views.js'
import { addComputeOptions, type ComputeOptions, integer, jsonOption, viewsOption } from './options.js'

interface PredictFlags extends ComputeOptions {
  readonly top: number
  readonly views: ViewCount
  readonly json?: true
}

export function predictCommand(): Command {
  const command = new Command('predict')
    .summary('tell what pictures show')
    .description(
      'Classifies pictures (PNG, JPEG, WebP, …) with a trained network. A picture is cut to its middle square.',
    )
    .argument('<run>', 'the folder of a run, or a .safetensors file')
    .argument('<image...>', 'pictures')
    .option('--top <count>', 'how many classes to print', integer(1), 5)
    .addOption(viewsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet predict runs/cifar10-80sec-1 cat.jpg dog.png
  alexnet predict runs/shapes-alexnet-cifar-1 *.png --top 1 --json`,
    )
  return addComputeOptions(command).action(async (run: string, files: string[], flags: PredictFlags) => {
    const [{ selectEngine }, { readCheckpoint }, { predict }, { percent }, { default: pc }] = await Promise.all([
      import('../engines/node/select-engine.js'),
      import('../runs/node/run-directory.js'),
      import('../inference/node/predict.js'),
      import('./format.js'),
      import('picocolors'),
    ])
    const { engine } = await selectEngine(flags.engine, flags.device)
    const checkpoint = await readCheckpoint(run)
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
  })
}
