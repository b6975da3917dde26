import { Command } from 'commander'
import { augmentCommand } from './augment.js'
import { benchCommand } from './bench.js'
import { doctorCommand } from './doctor.js'
import { evaluateCommand } from './evaluate.js'
import { exportCommand } from './export.js'
import { featuresCommand } from './features.js'
import { importCommand } from './import.js'
import { inspectCommand } from './inspect.js'
import { predictCommand } from './predict.js'
import { reportCommand } from './report.js'
import { serveCommand } from './serve.js'
import { similarCommand } from './similar.js'
import { trainCommand } from './train.js'
import { uiCommand } from './ui.js'

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
