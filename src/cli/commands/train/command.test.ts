import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { trainCommand } from './command.js'
import type { TrainFlags } from './flags.js'

/** What commander makes of these arguments, or the error that it prints. */
function parse(...args: string[]): TrainFlags {
  let printed = ''
  const command = trainCommand()
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        printed += text
      },
    })
    .action(() => {})
  try {
    return command.parse(args, { from: 'user' }).opts<TrainFlags>()
  } catch (error) {
    throw error instanceof CommanderError ? new Error(printed, { cause: error }) : error
  }
}

const set = (...args: string[]) => parse(...args).set?.map(({ path, value }) => [path.join('.'), value])

describe('a flag that is short for a key of the recipe', () => {
  it.each<[string[], unknown[]]>([
    [['--model', '80sec'], [['model.name', '80sec']]],
    [['--width', '0.5'], [['model.width', 0.5]]],
    [['--activation', 'tanh'], [['model.activation', 'tanh']]],
    [['--lrn'], [['model.norm', 'lrn']]],
    [['--no-lrn'], [['model.norm', 'none']]],
    [['--norm', 'batch'], [['model.norm', 'batch']]],
    [['--optimizer', 'adamw'], [['optimizer.kind', 'adamw']]],
    [['--clip-norm', '1.5'], [['optimizer.clipNorm', 1.5]]],
    [['--label-smoothing', '0.1'], [['loss.labelSmoothing', 0.1]]],
    [['--class-weights', 'balanced'], [['loss.classWeights', 'balanced']]],
    [['--class-weights', 'a cat=2, dog = 0.5'], [['loss.classWeights', { 'a cat': 2, dog: 0.5 }]]],
    [['--set', 'loss.classWeights.a.cat=2'], [['loss.classWeights.a.cat', 2]]],
    [['--set', 'loss.classWeights=balanced'], [['loss.classWeights', 'balanced']]],
    [['--mixup', '0.2'], [['data.mix.mixup', 0.2]]],
    [['--cutmix', '1'], [['data.mix.cutmix', 1]]],
    [['--average', '0.999'], [['optimizer.average', 0.999]]],
    [['--pooling', 'plain'], [['model.pooling', 'plain']]],
    [['--dropout', '0'], [['model.dropout', 0]]],
    [['--hidden', '0'], [['model.hidden', 0]]],
    [['--initial', 'fan-in'], [['model.initial', 'fan-in']]],
    [['--weights', '2012'], [['weights', '2012']]],
    [['--image-size', '64'], [['data.size', 64]]],
    [['--rand-augment', '15'], [['data.augmentation', { kind: 'rand-augment', operations: 2, magnitude: 15 }]]],
    [['--rand-augment'], [['data.augmentation', { kind: 'rand-augment', operations: 2, magnitude: 9 }]]],
    [
      ['--colour-jitter', '0.2'],
      [['data.augmentation', { kind: 'colour-jitter', brightness: 0.2, contrast: 0.2, saturation: 0.2, hue: 0 }]],
    ],
    [
      ['--random-erasing', '0.25'],
      [
        [
          'data.augmentation',
          { kind: 'random-erasing', probability: 0.25, scale: [0.02, 0.33], ratio: [0.3, 3.3], fill: 'mean' },
        ],
      ],
    ],
    [['--validation', '500'], [['data.validation', 500]]],
    [['--val-fraction', '0.2'], [['data.validation', 0.2]]],
    [['--epochs', '3'], [['training.epochs', 3]]],
    [['--batch-size', '32'], [['training.batchSize', 32]]],
    [['--seed', '7'], [['training.seed', 7]]],
    [['--lr', '1e-2'], [['optimizer.rate', 0.01]]],
    [['--momentum', '0'], [['optimizer.momentum', 0]]],
    [['--weight-decay', '0'], [['optimizer.weightDecay', 0]]],
    [['--rule', 'paper'], [['optimizer.rule', 'paper']]],
    [['--accumulate', '4'], [['training.accumulate', 4]]],
    [['--patience', '5'], [['training.patience', 5]]],
    [['--warmup', '0.5'], [['schedule.warmup', 0.5]]],
    [['--schedule', 'drops:8,9'], [['schedule', { kind: 'drops', at: [8, 9], factor: 0.1 }]]],
    [
      ['--multipliers', 'classifier.6=10, features=0.1'],
      [
        ['optimizer.multipliers.classifier.6', 10],
        ['optimizer.multipliers.features', 0.1],
      ],
    ],
    [['--freeze', 'features'], [['optimizer.multipliers.features', 0]]],
  ])('%j', (args, settings) => {
    expect(set(...args)).toEqual(settings)
  })

  it('is kept with its name, in the order of the command line', () => {
    const { set: given } = parse('--lr', '0.1', '--set', 'optimizer.rate=0.2', '--no-lrn', '--lr', '0.3')
    expect(given?.map(({ flag }) => flag)).toEqual(['--lr', '--set optimizer.rate', '--no-lrn', '--lr'])
  })

  it('is none where none is given', () => {
    expect(parse('--data', 'here').set).toBeUndefined()
  })
})

describe('--set', () => {
  it.each<[string, unknown[]]>([
    ['optimizer.rate=0.02', ['optimizer.rate', 0.02]],
    ['training.seed = 3', ['training.seed', 3]],
    ['model.lrn=false', ['model.lrn', false]],
    ['data.normalisation=pixel', ['data.normalisation', 'pixel']],
    ['schedule.at=[8, 9]', ['schedule.at', [8, 9]]],
    ['data.augmentation=[{kind: mirror}]', ['data.augmentation', [{ kind: 'mirror' }]]],
    ['data.augmentation.0.padding=4', ['data.augmentation.0.padding', 4]],
    ['optimizer.multipliers.features.0=0', ['optimizer.multipliers.features.0', 0]],
    ['claim=a = b', ['claim', 'a = b']],
    ['model.width=', ['model.width', undefined]],
  ])('%s', (text, setting) => {
    expect(set('--set', text)).toEqual([setting])
  })
})

describe('what cannot be read is said in one line', () => {
  it.each<[string[], RegExp]>([
    [['--lr', 'fast'], /--lr <rate>.*optimizer\.rate: expected a number above 0, got 'fast'/],
    [['--lr', ''], /--lr <rate>.*expected a value, got nothing/],
    [['--epochs', '1.5'], /training\.epochs: expected a whole number of at least 1, got 1\.5/],
    [['--width', '100'], /model\.width: expected a number above 0 and below 100, got 100/],
    [['--activation', 'sigmoid'], /model\.activation: expected relu or tanh, got 'sigmoid'/],
    [['--schedule', 'steps'], /'steps' is not a schedule\. Write constant/],
    [['--seed', '-1'], /whole number of at least 0/],
    [['--multipliers', 'features'], /a name and a factor/],
    [['--random-erasing', '2'], /--random-erasing.*probability: expected a number of at least 0 and at most 1, got 2/],
    [
      ['--random-erasing', './flowers'],
      /probability: expected .*, got '\.\/flowers'.*\. Where DATASET follows, write --random-erasing=0\.5/,
    ],
    [['--rand-augment', '31'], /magnitude: expected .*, got 31/],
    [['--set', 'optimizer.rate=fast'], /optimizer\.rate: expected a number above 0, got 'fast'/],
    [['--set', 'schedule.kind=cosin'], /schedule\.kind: expected constant, .* or one-cycle, got 'cosin'/],
    [['--set', 'optimizer.rat=1'], /there is no key 'optimizer\.rat'\. Did you mean 'rate'\?/],
    [['--set', 'trainin.epochs=1'], /there is no key 'trainin'\. Did you mean 'training'\?/],
    [['--class-weights', 'cat'], /Expected 'balanced', or classes and weights such as cat=2,dog=0\.5, got 'cat'/],
    [['--label-smoothing', '1'], /loss\.labelSmoothing: expected a number of at least 0 and below 1, got 1/],
    [['--set', 'optimizer.rate'], /Expected a key and a value, such as optimizer\.rate=0\.02/],
  ])('%j', (args, message) => {
    expect(() => parse(...args)).toThrow(message)
  })
})

it('shows the choices of the recipe in its help', () => {
  const help = trainCommand().helpInformation().replaceAll(/\s+/g, ' ')
  expect(help).toContain('the neurons (choices: "relu", "tanh")')
  expect(help).toContain('how it learns (choices: "sgd", "adamw")')
  expect(help).toContain('a network: alexnet, alexnet-2012,')
})
