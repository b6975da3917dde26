import { Command } from 'commander'
import { augmentCommand } from './commands/augment/command.js'
import { benchCommand } from './commands/bench/command.js'
import { doctorCommand } from './commands/doctor/command.js'
import { evaluateCommand } from './commands/evaluate/command.js'
import { exportCommand } from './commands/export/command.js'
import { featuresCommand } from './commands/features/command.js'
import { importCommand } from './commands/import/command.js'
import { inspectCommand } from './commands/inspect/command.js'
import { predictCommand } from './commands/predict/command.js'
import { reportCommand } from './commands/report/command.js'
import { serveCommand } from './commands/serve/command.js'
import { similarCommand } from './commands/similar/command.js'
import { trainCommand } from './commands/train/command.js'
import { uiCommand } from './commands/ui/command.js'

/** The command line. Each command loads what it needs when it is called, so that `--help` is instant. */
export function program(version: string): Command {
  const root = new Command('alexnet')
    .description('AlexNet in TypeScript: train, evaluate and use convolutional networks.')
    .version(version)
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  alexnet train                              learn ten shapes drawn by code: a minute, no download
  alexnet train cifar10 --recipe 80sec       CIFAR-10, cuda-convnet's quickest network
  alexnet train --resume runs/cifar10-80sec-1
  alexnet predict runs/cifar10-80sec-1 cat.jpg
  alexnet serve runs/cifar10-80sec-1         the same over HTTP
  alexnet inspect alexnet                    layers, shapes, parameters, cost
  alexnet import alexnet.pth --out runs/torchvision
  alexnet export runs/cifar10-80sec-1 --out cifar10.onnx`,
    )
  for (const command of [
    trainCommand(),
    evaluateCommand(),
    predictCommand(),
    augmentCommand(),
    serveCommand(),
    uiCommand(),
    featuresCommand(),
    similarCommand(),
    reportCommand(),
    inspectCommand(),
    importCommand(),
    exportCommand(),
    benchCommand(),
    doctorCommand(),
  ])
    root.addCommand(command.exitOverride().showHelpAfterError('(add --help for the options)'))
  return root
}
