import { Command, Option } from 'commander'
import { datasetNames } from '../../../data/dataset-catalogue.js'
import { cacheKinds } from '../../../data/node/pictures/cache-kind.js'
import { addComputeOptions, jsonOption } from '../../options.js'
import { integer, list, positive, real } from '../../values.js'
import type { TrainFlags } from './flags.js'
import { multipliers, schedule } from './values.js'

export function trainCommand(): Command {
  const command = new Command('train')
    .description(
      'Trains a network and saves it in a folder of runs/. Without DATASET it learns `shapes`, pictures drawn by code.\n' +
        'DATASET may be a folder of your own pictures: a folder for each class, or train/ and val/ with such folders.\n' +
        'Settings come from a recipe (of the data set, of --model, or --recipe); flags override it.\n' +
        'Ctrl-C finishes the step and saves; --resume goes on exactly there.',
    )
    .argument('[dataset]', `${datasetNames.join(', ')}, or a folder (or a .csv, .jsonl list) of pictures`)
    .optionsGroup('What to train:')
    .option('--recipe <name>', 'a recipe of the package, or the path of a YAML file')
    .option('--model <name>', 'a network: see `alexnet inspect`')
    .option('--width <factor>', 'filters and hidden units times this', real(0, 100, true))
    .addOption(new Option('--activation <name>', 'the neurons').choices(['relu', 'tanh']))
    .option('--lrn', 'with local response normalisation')
    .option('--no-lrn', 'without local response normalisation')
    .addOption(new Option('--pooling <kind>', 'windows of 3 or of 2, moved by 2').choices(['overlapping', 'plain']))
    .option('--dropout <rate>', 'share of values dropped in the head', real(0, 1))
    .addOption(new Option('--initial <scheme>', 'how the weights start').choices(['fan-in', 'ones', 'paper', 'he']))
    .optionsGroup('Fine-tuning:')
    .option('--weights <file>', 'begin with a trained network: a run, or a PyTorch, safetensors or ONNX file')
    .option('--freeze <names>', 'parameters that stay as they are: features, or features.0,*.bias', list(String))
    .option('--multipliers <list>', 'rates of some parameters: classifier.6=10,features=0.1', multipliers)
    .optionsGroup('Data:')
    .option('--data <dir>', 'the folder that holds the data set')
    .option('--image-size <pixels>', 'resize pictures to this side', integer(1))
    .option('--validation <count>', 'pictures held out of the training part', integer(0))
    .option('--val-fraction <share>', 'share of the training part held out, of every class the same', real(0, 1))
    .option('--val-labels <file>', 'classes of a val/ folder that has no class folders')
    .addOption(
      new Option('--cache <place>', 'where decoded pictures are kept (default: memory, if they fit)').choices(
        cacheKinds,
      ),
    )
    .option('--strict', 'a picture that cannot be read is an error, not left out')
    .option('--workers <count>', 'threads that prepare batches (default: 1)', integer(0))
    .optionsGroup('Learning:')
    .option('--epochs <count>', 'times through the training part', integer(1))
    .option('--batch-size <count>', 'pictures in a step', integer(1))
    .option('--lr <rate>', 'learning rate at the start', positive)
    .option('--momentum <value>', 'momentum', real(0, 1))
    .option('--weight-decay <value>', 'weight decay', real(0))
    .addOption(new Option('--rule <name>', 'how momentum and rate go together').choices(['paper', 'pytorch']))
    .option('--schedule <text>', 'constant, steps:30, drops:8,9, plateau:5 or cosine', schedule)
    .option('--seed <number>', 'what all randomness is drawn from', integer(0))
    .optionsGroup('Run:')
    .option('--out <dir>', 'a new folder for the run (default: the next of runs/)')
    .option('--resume <dir>', 'go on with this run')
    .option('--ui', 'show it on a page in the browser, as `alexnet ui` does')
    .option('--no-report', 'do not write report.html at the end')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet train
  alexnet train ./pictures                               a folder for each class, or train/ and val/
  alexnet train cifar10                                  the 80sec network, ten epochs
  alexnet train cifar10 --ui                             with a page that shows how it learns
  alexnet train cifar10 --recipe 18pct --out runs/my-18pct
  alexnet train cifar10 --model alexnet-cifar --epochs 3 --schedule cosine
  alexnet train ./pictures --weights alexnet.pth --freeze features
  alexnet train --activation tanh                        the paper's figure 1: how much slower?
  alexnet train --resume runs/shapes-alexnet-cifar-1 --epochs 20`,
    )
  return addComputeOptions(command).action(async (dataset: string | undefined, flags: TrainFlags) => {
    const { runTrain } = await import('./run.js')
    await runTrain(dataset, flags)
  })
}
