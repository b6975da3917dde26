import { Command } from 'commander'
import { addComputeOptions, jsonOption } from '../../options.js'
import { addTrainingOptions, addWrittenOptions } from '../train/command.js'
import { rateOption } from '../train/setting-option.js'
import type { SweepFlags } from './flags.js'
import { listOption } from './lists.js'

export function sweepCommand(): Command {
  const command = new Command('sweep').description(
    'Trains with every combination of some settings, one run after the other, and compares what comes out.\n' +
      'Lists are given with --set: optimizer.rate=0.01,0.03 or training.seed=1..3. All else is as in `alexnet train`.\n' +
      'A training that fails is noted, and the others go on. Ctrl-C saves; --resume goes on exactly there.',
  )
  addTrainingOptions(
    command,
    listOption('a key of a recipe with the values to try, as often as you like: optimizer.rate=0.01,0.03'),
    rateOption(),
  )
    .optionsGroup('Run:')
    .option('--out <dir>', 'a new folder for the sweep (default: the next of runs/sweeps/)')
    .option('--resume <dir>', 'go on with this sweep: what is finished is not done again')
    .option('--dry-run', 'list the runs and how long they would take, and write nothing')
  addWrittenOptions(command)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Lists:
  optimizer.rate=0.01,0.03,0.1       values with commas between them
  training.seed=1..3                 whole numbers from 1 to 3
  schedule.at=[8,9],[6,8]            lists in brackets are one value each
  weights='a,b.pth',c.pth            and so are words in quotes (quote them for the shell, too)

Examples:
  alexnet sweep shapes --set optimizer.rate=0.003,0.01,0.03
  alexnet sweep cifar10 --recipe 80sec --set optimizer.rate=0.01,0.03 --set training.seed=1..3
  alexnet sweep ./pictures --set optimizer.kind=sgd,adamw --epochs 5 --dry-run
  alexnet sweep --resume runs/sweeps/cifar10-80sec-1`,
    )
  return addComputeOptions(command).action(async (dataset: string | undefined, flags: SweepFlags) => {
    const { runSweep } = await import('./run.js')
    await runSweep(dataset, flags, givenOptions(command, flags))
  })
}

/** The options that the command line has, by the names that it has them under. */
function givenOptions(command: Command, { set = [] }: SweepFlags): string[] {
  const names = command.options.map((option) => [option.attributeName(), option.long!] as const)
  const own = names.filter(([name]) => name !== 'set' && command.getOptionValueSource(name) === 'cli')
  return [...own.map(([, long]) => long), ...set.map(({ flag }) => flag)]
}
