import { Command } from 'commander'
import { partNames } from '../../../data/node/pictures/picture-list.js'
import { addComputeOptions, choiceOption, jsonOption, runArgument } from '../../options.js'
import { integer } from '../../values.js'
import type { ReportFlags } from './run.js'

export function reportCommand(): Command {
  const command = new Command('report')
    .description(
      'Writes report.html, as training does at its end: curves, mistakes with their pictures, confusions, the accuracy of\n' +
        'each class, filters, settings, machine. One file, which any browser shows without a network.',
    )
    .addArgument(runArgument())
    .option('--data <dir>', 'the folder that holds the data set')
    .addOption(choiceOption('--part <name>', 'which pictures to classify (default: test, else validation)', partNames))
    .option('--out <file>', 'the file to write (default: report.html in the folder of the run)')
    .option('--force', 'write over a file that is there; the report of the run itself is replaced without it')
    .option('--batch-size <count>', 'pictures at a time', integer(1), 128)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet report runs/shapes-alexnet-cifar-1
  alexnet report runs/flowers-alexnet-1 --part train --out train.html      what has it not learnt by heart?
  alexnet report runs/flowers-alexnet-1 --data /mnt/flowers                the pictures have moved`,
    )
  return addComputeOptions(command).action(async (run: string, flags: ReportFlags) => {
    const { runReport } = await import('./run.js')
    await runReport(run, flags)
  })
}
