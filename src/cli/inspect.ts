import { Command } from 'commander'
import { integer, jsonOption, real } from './options.js'

interface InspectFlags {
  readonly classes?: number
  readonly imageSize?: number
  readonly width?: number
  readonly program?: true
  readonly batchSize: number
  readonly json?: true
}

export function inspectCommand(): Command {
  return new Command('inspect')
    .summary('show the layers of a network')
    .description(
      'Prints every layer of a network with its output shape, parameters and multiply-adds.\nWithout MODEL it lists the networks.',
    )
    .argument('[model]', 'a network, the folder of a run, or a .safetensors file')
    .option('--classes <count>', 'number of classes', integer(1))
    .option('--image-size <pixels>', 'side of the pictures', integer(1))
    .option('--width <factor>', 'filters and hidden units times this', real(0, 100, true))
    .option('--program', 'print the training program: forward, gradients and update')
    .option('--batch-size <count>', 'batch size of the training program', integer(1), 128)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet inspect
  alexnet inspect alexnet-2012
  alexnet inspect alexnet --image-size 64 --classes 10 --json
  alexnet inspect 80sec --program | less`,
    )
    .action(async (name: string | undefined, flags: InspectFlags) => {
      const [{ existsSync }, { createModel, modelCatalogue }, { summarise }, format] = await Promise.all([
        import('node:fs'),
        import('../models/catalogue.js'),
        import('../models/summary.js'),
        import('./format.js'),
      ])
      if (name === undefined) {
        process.stdout.write(
          flags.json
            ? `${JSON.stringify(modelCatalogue)}\n`
            : `${format.table(
                ['model', 'about'],
                modelCatalogue.map((model) => [model.name, model.about]),
                [],
              )}\n`,
        )
        return
      }
      const known = modelCatalogue.some((model) => model.name === name)
      const { readCheckpoint } = await import('../runs/node/run-directory.js')
      const { imageSize, classes, width } = flags
      const checkpoint = !known && existsSync(name) ? await readCheckpoint(name) : undefined
      const task = { ...(imageSize && { inputShape: [3, imageSize, imageSize] }), ...(classes && { classes }) }
      const model = checkpoint?.model ?? createModel(name, task, { width })
      if (flags.program) {
        const [{ trainingProgram }, { printProgram }, { optimizerIn }] = await Promise.all([
          import('../programs/training-program.js'),
          import('../graph/print.js'),
          import('../runs/recipe.js'),
        ])
        const optimizer = checkpoint ? optimizerIn(checkpoint.recipe) : ({ rule: 'paper' } as const)
        process.stdout.write(`${printProgram(trainingProgram(model, { batchSize: flags.batchSize, optimizer }))}\n`)
        return
      }
      const summary = summarise(model)
      if (flags.json) {
        process.stdout.write(`${JSON.stringify(summary)}\n`)
        return
      }
      const rows = summary.layers.map((layer) => [
        layer.name,
        layer.kind,
        layer.settings,
        layer.output.join('×'),
        layer.parameters > 0 ? format.count(layer.parameters) : '',
        layer.multiplyAdds > 0 ? format.count(layer.multiplyAdds) : '',
      ])
      const total = ['total', '', '', '', format.count(summary.parameters), format.count(summary.multiplyAdds)]
      process.stdout.write(
        `${model.name} on pictures of ${model.inputShape.join('×')}, ${format.count(model.classes)} classes\n\n` +
          `${format.table(['layer', 'kind', 'settings', 'output', 'parameters', 'multiply-adds'], [...rows, total], [4, 5])}\n`,
      )
    })
}
