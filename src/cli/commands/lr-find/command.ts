import { Command } from 'commander'
import { LEAST_STEPS } from '../../../training/least-steps.js'
import { suggestionMethods } from '../../../training/suggest-rate.js'
import { addComputeOptions, choiceOption, jsonOption } from '../../options.js'
import { integer, positive } from '../../values.js'
import { addTrainingOptions } from '../train/command.js'
import { anySettingOption, rateOption } from '../train/setting-option.js'
import type { LrFindFlags } from './run.js'

export function lrFindCommand(): Command {
  const command = new Command('lr-find').description(
    'Looks for a learning rate: trains for some 100 steps while the rate rises from step to step, and shows how the loss\n' +
      'goes. It takes what `train` takes, and saves nothing.',
  )
  addTrainingOptions(
    command,
    anySettingOption('any key of a recipe, as often as you like: optimizer.kind=adamw'),
    rateOption(),
  )
    .optionsGroup('Search:')
    .option('--from <rate>', 'the first rate (default: 1e-6; 1e-7 for adamw)', positive)
    .option('--to <rate>', 'the last rate (default: 10; 1 for adamw)', positive)
    .option('--steps <count>', 'steps from one to the other (default: 100)', integer(LEAST_STEPS))
    .addOption(
      choiceOption(
        '--method <name>',
        'how a rate is read off the curve: half way down its longest fall, or where it falls fastest',
        suggestionMethods,
      ).default('valley'),
    )
    .option('--out <file>', 'draw the curve: .svg or .png')
    .option('--force', 'write over a file that is there')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet lr-find ./pictures
  alexnet lr-find cifar10 --recipe 80sec --out rates.svg
  alexnet lr-find ./pictures --optimizer adamw --method steep
  alexnet train ./pictures --lr auto                     looks for it, and trains with it`,
    )
  return addComputeOptions(command).action(async (dataset: string | undefined, flags: LrFindFlags) => {
    const { runLrFind } = await import('./run.js')
    await runLrFind(dataset, flags)
  })
}
