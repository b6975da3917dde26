import { availableParallelism } from 'node:os'
import { Command, Option } from 'commander'
import { peerNames } from '../../../bench/node/peers.js'
import { tasks } from '../../../bench/workload.js'
import { precisions } from '../../../engines/engine.js'
import { deviceOption, jsonOption } from '../../options.js'
import { choice, integer, list, positive } from '../../values.js'
import type { BenchFlags } from './run.js'

export function benchCommand(): Command {
  return new Command('bench')
    .description(
      'Measures steps of training and inference, each in a process of its own and in turns, and the peak of the machine.\n' +
        'Lists are parted by commas. Inputs lie in memory: reading data is not measured.',
    )
    .optionsGroup('What to measure:')
    .addOption(listOption('--model <names>', 'networks: see `alexnet inspect`', String, ['alexnet']))
    .addOption(listOption('--batch-size <counts>', 'pictures in a step', integer(1), [128]))
    .addOption(listOption('--task <names>', tasks.join(', '), choice(tasks), tasks))
    .option('--engine <names>', 'engines (default: all that can run here, but reference)', list(String))
    .addOption(deviceOption())
    .addOption(listOption('--precision <names>', precisions.join(', '), choice(precisions), ['float32']))
    .option('--threads <count>', 'processor threads', integer(1), availableParallelism())
    .optionsGroup('What to compare with:')
    .option('--peer <names>', peerNames.join(', '), list(choice(peerNames)))
    .option('--python <command>', 'runs Python with PyTorch; words in quotes stay together', 'python3')
    .option('--peer-timeout <seconds>', 'give a measurement of a peer up after this time', positive, 300)
    .optionsGroup('How:')
    .option('--seconds <time>', 'how long each measurement lasts, at least three steps', positive, 5)
    .option('--rounds <count>', 'how often each is measured', integer(1), 3)
    .option('--profile', 'the time of each operator instead: first task, network, batch, engine and precision')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet bench                                          AlexNet, batches of 128, every engine
  alexnet bench --model 18pct,alexnet-cifar --batch-size 32,128 --task train
  alexnet bench --peer pytorch --python /usr/bin/python3
  alexnet bench --peer pytorch --python "chroot /srv/debian python3" --precision float32,bfloat16
  alexnet bench --profile --engine onnx                  where a training step spends its time`,
    )
    .action(async (flags: BenchFlags) => {
      const { runBench } = await import('./run.js')
      await runBench(flags)
    })
}

/** An option whose default is shown as it is typed. */
function listOption<T>(flags: string, about: string, read: (text: string) => T, otherwise: readonly T[]): Option {
  return new Option(flags, about).argParser(list(read)).default(otherwise, otherwise.join(','))
}
