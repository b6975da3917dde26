import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type ViewCount, viewCounts } from '../data/views.js'
import { type Device, devices } from '../engines/device.js'
import { type Precision, precisions } from '../engines/engine.js'
import { AlexNetError, messageOf } from '../errors.js'
import { parseSchedule, type Schedule } from '../runs/schedule.js'

/** Reads a whole number of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`)
    return value
  }
}

/** Reads a number in [least, below); with `open` the least itself is out too. */
export function real(least: number, below: number, open = false): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || value < least || value >= below || (open && value === least))
      throw new InvalidArgumentError(
        `Expected a number ${open ? 'above' : 'of at least'} ${least}${below < Number.POSITIVE_INFINITY ? ` and below ${below}` : ''}.`,
      )
    return value
  }
}

/** Reads one of some words. */
export function choice<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text)
    if (word === undefined) throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`)
    return word
  }
}

/** Reads a list parted by commas. */
export function list<T>(read: (text: string) => T): (text: string) => readonly T[] {
  return (text) => text.split(',').map((entry) => read(entry.trim()))
}

/** Reads multipliers of rates, such as `classifier.6=10,features=0.1`. */
export function multipliers(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((entry) => {
      const [, name, factor] = /^\s*([^=\s]+)\s*=\s*([\d.e+-]+)\s*$/i.exec(entry) ?? []
      const value = Number(factor)
      if (name === undefined || !Number.isFinite(value) || value < 0)
        throw new InvalidArgumentError(`Expected a name and a factor, such as classifier.6=10, got '${entry}'.`)
      return [name, value]
    }),
  )
}

/** Reads a schedule, such as `drops:8,9`. */
export function schedule(text: string): Schedule {
  try {
    return parseSchedule(text)
  } catch (error) {
    throw new InvalidArgumentError(`${messageOf(error)}. ${error instanceof AlexNetError ? (error.hint ?? '') : ''}`)
  }
}

/** The options of every command that computes. */
export interface ComputeOptions {
  readonly engine: string
  readonly device: Device
  readonly threads: number
  readonly precision: Precision
}

export function addComputeOptions(command: Command): Command {
  return command
    .option('--engine <name>', 'what computes: auto (the fastest that is there), onednn, onnx, reference', 'auto')
    .addOption(deviceOption())
    .option('--threads <count>', 'processor threads', integer(1), availableParallelism())
    .addOption(
      new Option('--precision <name>', 'what activations and products are computed in')
        .choices(precisions)
        .default('float32'),
    )
}

export function deviceOption(): Option {
  return new Option('--device <name>', 'cpu, or through WebGPU the graphics processor').choices(devices).default('cpu')
}

export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON, for programs')
}

export function viewsOption(): Option {
  return new Option(
    '--views <count>',
    'views of each picture that the softmax is averaged over: 1 the middle, 9 a grid, 10 corners, middle and mirror images',
  )
    .argParser((text): ViewCount => {
      const views = viewCounts.find((count) => String(count) === text)
      if (views === undefined) throw new InvalidArgumentError(`Allowed choices are ${viewCounts.join(', ')}.`)
      return views
    })
    .default(1)
}
