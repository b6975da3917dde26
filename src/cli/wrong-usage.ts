import type { Command, Option } from 'commander'
import { calledHere, plainName } from '../settings/elsewhere.js'

/**
 * What commander says of a wrong command line, or where it is a name of another program's, what that is called here:
 * `error: there is no option '--imgsz': it is --image-size here`.
 *
 * @param command Whose command line it is.
 */
export function wrongUsage(text: string, command: Command): string {
  const [, flag] = /^error: unknown option '(-[^'=]+)/.exec(text) ?? []
  const option = flag && optionHere(flag.replace(/^-+/, ''), command)
  if (option) return `error: there is no option '${flag}': it is ${option} here\n`
  const assigned = /^error: too many arguments/.test(text) ? command.args.map(asAssigned).find(Boolean) : undefined
  if (assigned) return `error: '${assigned.text}' is no argument: ${assignedHere(assigned, command)}\n`
  const [, name] = /^error: unknown command '([^']+)'/.exec(text) ?? []
  const known = name && calledHere(name, (here) => here.startsWith('alexnet '))
  return known ? `error: there is no command '${name}': it is \`${known}\` here\n` : text
}

/** An option that sets any of some keys, as `--set` does. Which there are is its own affair, so that others load no schema. */
export interface NamesKeys {
  /** The key that is meant by a name of this or another program. */
  keyCalled(name: string): string | undefined
}

function namesKeys(option: Option): option is Option & NamesKeys {
  return 'keyCalled' in option
}

/** `epochs=3`, as some programs take their settings. */
interface Assigned {
  readonly text: string
  readonly name: string
  readonly value: string
}

export function asAssigned(text: string): Assigned | undefined {
  const [, name, value] = /^([a-z][\w-]*)=(.+)$/i.exec(text) ?? []
  return name === undefined ? undefined : { text, name, value }
}

/** How a setting is written here. */
function assignedHere({ name, value }: Assigned, command: Command): string {
  const here = optionHere(name, command) ?? `--${name}`
  if (here.startsWith('the argument ')) return `write ${value} alone`
  return `write ${here.includes('VALUE') ? here.replace('VALUE', value) : `${here} ${value}`}`
}

function optionHere(name: string, command: Command): string | undefined {
  const longs = command.options.flatMap(({ long }) => (long ? [long] : []))
  const same = longs.find((long) => plainName(long) === plainName(name))
  if (same !== undefined) return same
  const isShort = (here: string) => longs.includes(here.split(' ')[0])
  const hasArgument = (here: string) =>
    command.registeredArguments.some((argument) => argument.name().toUpperCase() === here)
  const here = calledHere(name, (candidate) => isShort(candidate) || hasArgument(candidate))
  if (here !== undefined) return hasArgument(here) ? `the argument ${here}` : here
  const setting = command.options.find(namesKeys)
  const key = setting?.keyCalled(name)
  return key && `${setting?.long} ${key}=VALUE`
}
