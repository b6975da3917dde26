import type { Argument, Command, Option } from 'commander'
import { type FileKind, type Source, sourceOf, type Word } from './sources.js'

/** What may stand at a place of the command line. */
export interface Candidates {
  readonly files: FileKind
  readonly words: readonly Word[]
}

/**
 * What may stand in the place of the last word, which is not typed to its end: names of commands, options of a command,
 * values of an option or of an argument.
 *
 * @param root The program, with the command that the words name.
 * @param typed The words behind the program's name.
 */
export async function candidates(root: Command, typed: readonly string[]): Promise<Candidates> {
  const { command, operands, option, last } = placeIn(root, typed)
  const [, name, start] = /^(--[^=]+)=(.*)$/s.exec(last) ?? []
  if (name !== undefined) {
    const own = optionOf(command, root, name)
    return own === undefined ? nothing : prefixed(`${name}=`, matching(await valuesOf(own), start))
  }
  if (option) return matching(await valuesOf(option), last)
  if (last.startsWith('-')) return matching({ files: 'none', words: optionsOf(command, root) }, last)
  if (command === root) return matching({ files: 'none', words: commandsOf(root) }, last)
  const arguments_ = command.registeredArguments
  const argument = arguments_[operands] ?? arguments_.findLast(({ variadic }) => variadic)
  return argument ? matching(await valuesOf(argument), last) : nothing
}

const nothing: Candidates = { files: 'none', words: [] }

interface Place {
  readonly command: Command
  /** Operands of the command before the last word. */
  readonly operands: number
  /** The option whose value the last word is. */
  readonly option?: Option
  readonly last: string
}

function placeIn(root: Command, typed: readonly string[]): Place {
  // Bash parts `--device=cpu` in three words.
  const words = typed.filter((word, n) => word !== '=' || !typed[n - 1]?.startsWith('--'))
  const last = typed.at(-1) === '=' ? '' : (words.at(-1) ?? '')
  const before = typed.at(-1) === '=' ? words : words.slice(0, -1)
  let command = root
  let operands = 0
  let option: Option | undefined
  for (const word of before) {
    if (option) option = undefined
    else if (word.startsWith('-')) {
      const known = optionOf(command, root, word)
      option = known?.required || known?.optional ? known : undefined
    } else if (command === root) command = root.commands.find((own) => own.name() === word) ?? root
    else operands++
  }
  // A value that may be left out is none where the next option begins.
  return { command, operands, last, ...(option && !(option.optional && last.startsWith('-')) && { option }) }
}

function optionOf(command: Command, root: Command, name: string): Option | undefined {
  return [...command.options, ...root.options].find(({ long, short }) => long === name || short === name)
}

function optionsOf(command: Command, root: Command): Word[] {
  const all = command === root ? root.options : [...command.options, ...root.options]
  const shown = all.filter(({ hidden, long }) => !hidden && long && !(command !== root && long === '--version'))
  return [
    ...shown.map(({ long, description }) => ({ value: long!, about: description })),
    { value: '--help', about: 'display help for command' },
  ]
}

function commandsOf(root: Command): Word[] {
  const visible = root.createHelp().visibleCommands(root)
  return visible.map((command) => ({ value: command.name(), about: command.summary() }))
}

async function valuesOf(place: Option | Argument): Promise<Candidates> {
  const choices = place.argChoices?.map((value) => ({ value })) ?? []
  if (choices.length > 0) return { files: 'none', words: choices }
  const source: Source = sourceOf(place)
  return { files: source.files ?? 'none', words: (await source.words?.()) ?? [] }
}

function matching({ files, words }: Candidates, start: string): Candidates {
  return { files, words: words.filter(({ value }) => value.startsWith(start)) }
}

function prefixed(prefix: string, { files, words }: Candidates): Candidates {
  return { files, words: words.map((word) => ({ ...word, value: `${prefix}${word.value}` })) }
}
