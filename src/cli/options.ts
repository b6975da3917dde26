import { availableParallelism } from 'node:os'
import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { type ViewCount, viewCounts } from '../data/view-counts.js'
import { type Device, devices } from '../engines/device.js'
import { type Precision, precisions } from '../engines/engine.js'
import { engineNames } from '../engines/registry.js'
import { runPath } from './run-path.js'
import { choice, integer, list } from './values.js'

/** The options of every command that computes. */
export interface ComputeOptions {
  readonly engine: string
  readonly device: Device
  readonly threads: number
  readonly precision: Precision
}

export function addComputeOptions(command: Command): Command {
  return command
    .option('--engine <name>', `what computes: auto (the fastest that is there), ${engineNames.join(', ')}`, 'auto')
    .addOption(deviceOption())
    .option('--threads <count>', 'processor threads', integer(1), availableParallelism())
    .addOption(
      choiceOption('--precision <name>', 'what activations and products are computed in', precisions).default(
        'float32',
      ),
    )
}

export function deviceOption(): Option {
  return choiceOption('--device <name>', 'cpu, or through WebGPU the graphics processor', devices).default('cpu')
}

/** An option that takes one of some words. */
export function choiceOption<Word extends string>(flags: string, about: string, words: readonly Word[]): Option {
  return new Option(flags, about).choices(words).argParser(choice(words))
}

export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON, for programs')
}

const runs = 'the folder of a run, `last` (the newest in runs/), a .safetensors file, or zoo:NAME (see `alexnet zoo`)'

/** `RUN`: a trained network. */
export function runArgument(): Argument {
  return new Argument('<run>', runs).argParser(runPath)
}

/** As `runArgument`, where one of the zoo answers without it. */
export function optionalRunArgument(): Argument {
  return new Argument('[run]', `${runs}; default: a network of the zoo`).argParser(runPath)
}

export function allowedHostsOption(): Option {
  return new Option(
    '--allowed-hosts <names>',
    'names by which a proxy before it is asked: alexnet.example.com, or .example.com for all that end so',
  ).argParser(list(String))
}

/** `--no-average`: of a run that keeps averages, the parameters themselves. */
export function averageOption(): Option {
  return new Option('--no-average', 'use the parameters as they are, not their average, where the run keeps one')
}

export function viewsOption(): Option {
  return new Option(
    '--views <count>',
    'views of each picture that the softmax is averaged over: 1 the middle, 2 it and its mirror image, 9 a grid, 10 corners, middle and mirror images',
  )
    .argParser((text): ViewCount => {
      const views = viewCounts.find((count) => String(count) === text)
      if (views === undefined) throw new InvalidArgumentError(`Allowed choices are ${viewCounts.join(', ')}.`)
      return views
    })
    .default(1)
}
