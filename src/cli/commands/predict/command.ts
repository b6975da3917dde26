import { Command } from 'commander'
import { addComputeOptions, averageOption, jsonOption, optionalRunArgument, viewsOption } from '../../options.js'
import { integer } from '../../values.js'
import type { PredictFlags } from './run.js'

export function predictCommand(): Command {
  const command = new Command('predict')
    .description(
      'Classifies pictures (PNG, JPEG, WebP, …) with a trained network. A picture is cut to its middle square.\n' +
        'Without RUN a network that comes with the package answers, which knows ten things only.',
    )
    .usage('[options] [run] <image...>')
    .addArgument(optionalRunArgument())
    .argument('[image...]', 'pictures, or folders of pictures')
    .option('--top <count>', 'how many classes to print', integer(1), 5)
    .addOption(viewsOption())
    .addOption(averageOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet predict cat.jpg
  alexnet predict runs/cifar10-80sec-1 cat.jpg dog.png
  alexnet predict runs/cifar10-80sec-1 ./photos
  alexnet predict runs/shapes-alexnet-cifar-1 *.png --top 1 --json`,
    )
  return addComputeOptions(command).action(async (run: string | undefined, paths: string[], flags: PredictFlags) => {
    const { runPredict } = await import('./run.js')
    await runPredict(run, paths, flags)
  })
}
