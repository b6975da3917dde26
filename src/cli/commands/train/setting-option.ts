import { InvalidArgumentError, Option } from 'commander'
import { recipeSchema } from '../../../runs/recipe.js'
import { pathOf, readValue } from '../../../settings/key.js'
import { keyHere } from '../../../settings/pointers.js'
import { schemasAt, wordsOf } from '../../../settings/schema-at.js'
import { bySchema, refused } from '../../by-schema.js'
import type { NamesKeys } from '../../wrong-usage.js'

/** A key of a recipe with the value that the command line gives it. */
export interface GivenSetting {
  /** How it was given, for messages: `--lr`, or `--set optimizer.rate`. */
  readonly flag: string
  readonly path: readonly string[]
  /** Undefined: the key is taken away, so that its default holds. */
  readonly value: unknown
  /** What the key is set to where the value is one entry of a list: the list that is there, with it. */
  readonly into?: (list: unknown) => unknown
}

/** An option that sets keys of a recipe. All of them add to one list, `set`, in the order of the command line. */
class SettingOption extends Option {
  /** @param read What a text of the option sets. */
  constructor(flags: string, about: string, read: (text: string) => readonly GivenSetting[]) {
    super(flags, about)
    this.argParser((text, before: readonly GivenSetting[] = []) => [...before, ...read(text)])
  }

  override attributeName(): string {
    return 'set'
  }
}

class AnySettingOption extends SettingOption implements NamesKeys {
  keyCalled(name: string): string | undefined {
    return keyHere(recipeSchema, name)
  }
}

/**
 * An option that is short for a key of a recipe. What it takes, and what is said of a value that does not fit, follows
 * from the recipe's schema.
 *
 * @param read Another way to write the value.
 */
export function settingOption(
  flags: string,
  key: string,
  about: string,
  read: (text: string) => unknown = bySchema(recipeSchema, key),
): Option {
  const path = pathOf(recipeSchema, key)
  const option: Option = new SettingOption(flags, about, (text) => [{ flag: option.long!, path, value: read(text) }])
  const choices = schemasAt(recipeSchema, path).flatMap(wordsOf)
  if (choices.length > 0) option.argChoices = [...new Set(choices)]
  return option
}

/** The learning rate, where it is a number and nothing else. */
export function rateOption(): Option {
  return settingOption('--lr <rate>', 'optimizer.rate', 'learning rate at the start')
}

/** An option without a value, `--lrn` or `--no-lrn`, that sets a key of a recipe to one that it stands for. */
export function switchOption(flags: string, key: string, value: string, about: string): Option {
  const option = settingOption(flags, key, about).preset(value)
  // Nothing is to be chosen.
  option.argChoices = undefined
  return option
}

/** An option that is short for entries of a record: `--freeze features` for `optimizer.multipliers.features: 0`. */
export function entriesOption(
  flags: string,
  key: string,
  about: string,
  read: (text: string) => Readonly<Record<string, unknown>>,
): Option {
  const record = pathOf(recipeSchema, key)
  const option: Option = new SettingOption(flags, about, (text) =>
    Object.entries(read(text)).map(([name, value]) => ({ flag: option.long!, path: [...record, name], value })),
  )
  return option
}

/** An option that puts one entry into a list. */
export function entryOption(
  flags: string,
  key: string,
  about: string,
  read: (text: string) => Required<Pick<GivenSetting, 'value' | 'into'>>,
): Option {
  const path = pathOf(recipeSchema, key)
  const option: Option = new SettingOption(flags, about, (text) => [{ flag: option.long!, path, ...read(text) }])
  return option
}

/** `--set KEY=VALUE`: any key of a recipe. */
export function anySettingOption(about: string): Option {
  return new AnySettingOption('--set <key=value>', about, (text) => {
    const [, key, value] = /^\s*([^=]+?)\s*=(.*)$/s.exec(text) ?? []
    if (key === undefined) throw new InvalidArgumentError('Expected a key and a value, such as optimizer.rate=0.02.')
    return refused(() => {
      const path = pathOf(recipeSchema, key)
      return [{ flag: `--set ${key}`, path, value: readValue(recipeSchema, path, value.trim()) }]
    })
  })
}
