import { Command } from 'commander'
import { datasetNames } from '../../../data/dataset-catalogue.js'
import { partNames } from '../../../data/node/pictures/picture-list.js'
import { addComputeOptions, averageOption, choiceOption, jsonOption, runArgument, viewsOption } from '../../options.js'
import { integer } from '../../values.js'
import type { EvaluateFlags } from './run.js'

export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description(
      'Classifies a part of a data set with a trained network and prints accuracy and loss: the test part if there is\n' +
        'one, else the validation part.',
    )
    .addArgument(runArgument())
    .argument('[dataset]', `${datasetNames.join(', ')}, or a folder of pictures (default: what it was trained on)`)
    .option('--data <dir>', 'the folder that holds the data set')
    .addOption(choiceOption('--part <name>', 'which part', partNames))
    .option('--follow-links', 'links that lead out of the folder, too')
    .option('--batch-size <count>', 'pictures at a time', integer(1), 128)
    .addOption(viewsOption())
    .addOption(averageOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet evaluate runs/cifar10-80sec-1
  alexnet evaluate runs/cifar10-80sec-1 --views 2              averaged over each picture and its mirror image
  alexnet evaluate runs/flowers-alexnet-1 --views 10           averaged over ten views, as in the paper
  alexnet evaluate runs/flowers-alexnet-1 ./other-flowers      all pictures of another folder, by the names of its classes
  alexnet evaluate runs/cifar10-80sec-1/last.safetensors --json`,
    )
  return addComputeOptions(command).action(async (run: string, dataset: string | undefined, flags: EvaluateFlags) => {
    const { runEvaluate } = await import('./run.js')
    await runEvaluate(run, dataset, flags)
  })
}
