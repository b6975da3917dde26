import { Command, Option } from 'commander'
import { datasetNames } from '../../../data/dataset-catalogue.js'
import { cacheKinds } from '../../../data/node/pictures/cache-kind.js'
import { modelNames } from '../../../models/catalogue.js'
import { LAST } from '../../../runs/node/last-run.js'
import { addComputeOptions, choiceOption, jsonOption } from '../../options.js'
import { runFolderPath, weightsPath } from '../../run-path.js'
import { integer, real } from '../../values.js'
import { augmentationOption } from './augmentation-option.js'
import type { TrainFlags } from './flags.js'
import { anySettingOption, entriesOption, settingOption, switchOption } from './setting-option.js'
import { classWeights, frozen, multipliers, rateOrAuto, schedule } from './values.js'

/**
 * What may be said of a training: how it is set, and how its pictures are read. Every command that trains takes it.
 *
 * @param set The option `--set`.
 * @param rate The option `--lr`.
 */
export function addTrainingOptions(command: Command, set: Option, rate: Option): Command {
  return command
    .argument('[dataset]', `${datasetNames.join(', ')}, or a folder (or a .csv, .jsonl list) of pictures`)
    .optionsGroup('What to train:')
    .option('--recipe <name>', 'a recipe of the package, or the path of a YAML file')
    .addOption(settingOption('--model <name>', 'model.name', `a network: ${modelNames.join(', ')}`))
    .addOption(settingOption('--width <factor>', 'model.width', 'filters and hidden units times this'))
    .addOption(settingOption('--activation <name>', 'model.activation', 'the neurons'))
    .addOption(settingOption('--norm <kind>', 'model.norm', 'what normalises between the layers'))
    .addOption(switchOption('--lrn', 'model.norm', 'lrn', 'with local response normalisation: --norm lrn'))
    .addOption(switchOption('--no-lrn', 'model.norm', 'none', 'without it: --norm none'))
    .addOption(settingOption('--pooling <kind>', 'model.pooling', 'windows of 3 or of 2, moved by 2'))
    .addOption(settingOption('--dropout <rate>', 'model.dropout', 'share of values dropped in the head'))
    .addOption(settingOption('--hidden <units>', 'model.hidden', 'units of the hidden layers of the head; 0: none'))
    .addOption(settingOption('--initial <scheme>', 'model.initial', 'how the weights start'))
    .optionsGroup('Fine-tuning:')
    .addOption(
      settingOption(
        '--weights <file>',
        'weights',
        'begin with a trained network: a run, zoo:NAME, or a PyTorch, safetensors or ONNX file',
        weightsPath,
      ),
    )
    .addOption(
      entriesOption(
        '--freeze <names>',
        'optimizer.multipliers',
        'parameters that stay as they are: features, or features.0,*.bias',
        frozen,
      ),
    )
    .addOption(
      entriesOption(
        '--multipliers <list>',
        'optimizer.multipliers',
        'rates of some parameters: classifier.6=10,features=0.1',
        multipliers,
      ),
    )
    .optionsGroup('Data:')
    .option('--data <dir>', 'the folder that holds the data set')
    .addOption(settingOption('--image-size <pixels>', 'data.size', 'resize pictures to this side'))
    .addOption(
      settingOption('--validation <count>', 'data.validation', 'pictures held out of the training part', integer(0)),
    )
    .addOption(
      settingOption('--val-fraction <share>', 'data.validation', 'share of the training part held out', real(0, 1)),
    )
    .addOption(
      switchOption(
        '--balanced',
        'data.sampling',
        'balanced',
        'each class comes equally often, however many pictures it has',
      ),
    )
    .addOption(
      augmentationOption(
        '--random-erasing [probability]',
        'random-erasing',
        ['probability'],
        'augmentation: a rectangle of the picture erased',
      ),
    )
    .addOption(
      augmentationOption(
        '--colour-jitter [strength]',
        'colour-jitter',
        ['brightness', 'contrast', 'saturation'],
        'augmentation: other brightness, contrast and saturation',
      ),
    )
    .addOption(
      augmentationOption(
        '--rand-augment [magnitude]',
        'rand-augment',
        ['magnitude'],
        'augmentation: two random operations of this magnitude, 0 to 30',
      ),
    )
    .option('--val-labels <file>', 'classes of a val/ folder that has no class folders')
    .addOption(
      choiceOption('--cache <place>', 'where decoded pictures are kept (default: memory, if they fit)', cacheKinds),
    )
    .option('--follow-links', 'links that lead out of the folder, too')
    .option('--strict', 'a picture that cannot be read is an error, not left out')
    .option('--workers <count>', 'threads that prepare batches (default: 1)', integer(0))
    .optionsGroup('Learning:')
    .addOption(settingOption('--epochs <count>', 'training.epochs', 'times through the training part'))
    .addOption(
      settingOption(
        '--min-steps <count>',
        'training.minimumSteps',
        'at least so many steps: small folders are seen more often',
      ),
    )
    .addOption(settingOption('--batch-size <count>', 'training.batchSize', 'pictures in a step'))
    .addOption(
      settingOption(
        '--accumulate <count>',
        'training.accumulate',
        'batches whose mean makes one update: less memory than a larger batch',
      ),
    )
    .addOption(rate)
    .addOption(settingOption('--optimizer <kind>', 'optimizer.kind', 'how it learns'))
    .addOption(settingOption('--momentum <value>', 'optimizer.momentum', 'momentum'))
    .addOption(settingOption('--weight-decay <value>', 'optimizer.weightDecay', 'weight decay'))
    .addOption(settingOption('--rule <name>', 'optimizer.rule', 'how momentum and rate go together'))
    .addOption(settingOption('--clip-norm <length>', 'optimizer.clipNorm', 'shorten longer gradients to this length'))
    .addOption(
      settingOption('--label-smoothing <share>', 'loss.labelSmoothing', 'share of a label that all classes get: 0.1'),
    )
    .addOption(
      settingOption(
        '--class-weights <list>',
        'loss.classWeights',
        'what classes count: balanced (the rarer the more), or cat=2,dog=0.5',
        classWeights,
      ),
    )
    .addOption(
      settingOption('--mixup <alpha>', 'data.mix.mixup', 'add pictures up in pairs, in shares of Beta(α, α): 0.2'),
    )
    .addOption(
      settingOption(
        '--cutmix <alpha>',
        'data.mix.cutmix',
        'exchange rectangles of pictures in pairs, of Beta(α, α): 1',
      ),
    )
    .addOption(
      settingOption('--average <decay>', 'optimizer.average', 'evaluate by a moving average of the parameters: 0.999'),
    )
    .addOption(
      settingOption(
        '--schedule <text>',
        'schedule',
        'constant, steps:30, drops:8,9, plateau:5, cosine or one-cycle',
        schedule,
      ),
    )
    .addOption(settingOption('--warmup <epochs>', 'schedule.warmup', 'epochs in which the rate rises in a line'))
    .addOption(
      settingOption(
        '--patience <epochs>',
        'training.patience',
        'end after so many epochs without a lower validation loss; the best one counts',
      ),
    )
    .addOption(settingOption('--seed <number>', 'training.seed', 'what all randomness is drawn from', integer(0)))
    .addOption(set)
}

/** What is written of a run. */
export function addWrittenOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--tensorboard [dir]',
        "event files for TensorBoard, in the run's folder; with DIR in a folder of the run's name there",
      ),
    )
    .option('--csv', "a line for each epoch in the run's metrics.csv")
    .option('--no-report', 'do not write report.html at the end')
}

export function trainCommand(): Command {
  const command = new Command('train').description(
    'Trains a network and saves it in a folder of runs/. Without DATASET it learns `shapes`, pictures drawn by code.\n' +
      'DATASET may be a folder of your own pictures: a folder for each class, or train/ and val/ with such folders.\n' +
      'Settings come from a recipe (of the data set, of --model, or --recipe). --set changes any key of it, and flags that are ' +
      'short for a key do the same; of two for one key the later holds.\n' +
      'Ctrl-C finishes the step and saves; --resume goes on exactly there.',
  )
  const set = anySettingOption('any key of a recipe, as often as you like: optimizer.rate=0.02')
  const rate = settingOption(
    '--lr <rate>',
    'optimizer.rate',
    'learning rate at the start, or auto: looked for first',
    rateOrAuto,
  )
  addTrainingOptions(command, set, rate)
    .optionsGroup('Run:')
    .option('--out <dir>', 'a new folder for the run (default: the next of runs/)')
    .addOption(
      new Option('--resume [dir]', 'go on with this run, or the newest in runs/ (`last`)')
        .argParser(runFolderPath)
        .preset(LAST),
    )
    .option('--dry-run', 'tell what would be trained and how long it would take, and write nothing')
    .option('--ui', 'show it on a page in the browser, as `alexnet ui` does')
  addWrittenOptions(command)
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
  alexnet train ./pictures --weights zoo:photographs     few pictures of your own: begin with a trained network
  alexnet train ./pictures --weights alexnet.pth --freeze features
  alexnet train --activation tanh                        the paper's figure 1: how much slower?
  alexnet train --schedule cosine --warmup 2 --set schedule.to=0.01
  alexnet train --resume runs/shapes-alexnet-cifar-1 --epochs 20`,
    )
  return addComputeOptions(command).action(async (dataset: string | undefined, flags: TrainFlags) => {
    const { runTrain } = await import('./run.js')
    await runTrain(dataset, flags)
  })
}
