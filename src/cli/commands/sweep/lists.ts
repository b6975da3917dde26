import { InvalidArgumentError, Option } from 'commander'
import { recipeSchema } from '../../../runs/recipe.js'
import { pathOf, readValue } from '../../../settings/key.js'
import { refused } from '../../by-schema.js'
import type { GivenSetting } from '../train/setting-option.js'

/** A key with several values, each of which is tried. */
export interface ListedSetting extends GivenSetting {
  readonly values: readonly unknown[]
}

export function isListed(setting: GivenSetting): setting is ListedSetting {
  return 'values' in setting
}

/** A range has at most so many numbers: more are a slip. */
const LONGEST_RANGE = 1000

const quotes = ['"', "'"]
const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}' }

/** `--set KEY=VALUES`: any key of a recipe, with one value or a list of them. */
export function listOption(about: string): Option {
  const option = new Option('--set <key=values>', about)
  option.argParser((text, before: readonly GivenSetting[] = []) => [...before, readListed(text)])
  return option
}

function readListed(text: string): GivenSetting | ListedSetting {
  const [, key, list] = /^\s*([^=]+?)\s*=(.*)$/s.exec(text) ?? []
  if (key === undefined)
    throw new InvalidArgumentError('Expected a key and its values, such as optimizer.rate=0.01,0.03.')
  return refused(() => {
    const path = pathOf(recipeSchema, key)
    const flag = `--set ${key}`
    const texts = partsOf(list.trim()).flatMap(inRange)
    const values = texts.map((part) => readValue(recipeSchema, path, part))
    if (values.length === 1) return { flag, path, value: values[0] }
    if (values.includes(undefined))
      throw new InvalidArgumentError(`${key}: expected a value before and after each comma, got '${list}'.`)
    const shown = values.map((value) => JSON.stringify(value))
    const twice = shown.find((value, i) => shown.indexOf(value) < i)
    if (twice !== undefined) throw new InvalidArgumentError(`${key}: ${twice} stands twice in '${list}'.`)
    return { flag, path, value: values[0], values }
  })
}

/**
 * Takes a list apart at its commas, but not within brackets, braces or quotes. Quotes around a value are taken away.
 * @example partsOf("0.1,[8,9],'a,b'") // ['0.1', '[8,9]', 'a,b']
 */
export function partsOf(list: string): string[] {
  const parts = ['']
  const open: string[] = []
  for (const character of list) {
    const last = open.at(-1)
    if (character === last) open.pop()
    else if (last === undefined || !quotes.includes(last)) {
      const isStart = parts[parts.length - 1].trim() === '' || last !== undefined
      if (quotes.includes(character) && isStart) open.push(character)
      else if (closing[character] !== undefined) open.push(closing[character])
    }
    if (character === ',' && open.length === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  if (open.length > 0)
    throw new InvalidArgumentError(
      `Expected ${open.at(-1)} at the end of '${list}', where it is opened and not closed.`,
    )
  return parts.map((part) => unquoted(part.trim()))
}

function unquoted(part: string): string {
  const [quote] = part
  return quotes.includes(quote) && part.length > 1 && part.endsWith(quote) ? part.slice(1, -1) : part
}

/** `1..3` is 1, 2 and 3. */
function inRange(part: string): string[] {
  const [, first, last] = /^(-?\d+)\.\.(-?\d+)$/.exec(part) ?? []
  if (first === undefined) {
    if (/^-?\d*\.?\d+\.\.-?\d*\.?\d+$/.test(part))
      throw new InvalidArgumentError(`A range goes from a whole number to another one, such as 1..3, got '${part}'.`)
    return [part]
  }
  const [from, to] = [Number(first), Number(last)]
  const length = Math.abs(to - from) + 1
  if (length > LONGEST_RANGE)
    throw new InvalidArgumentError(`The range ${part} has ${length} numbers, expected at most ${LONGEST_RANGE}.`)
  return Array.from({ length }, (_, i) => String(from + Math.sign(to - from) * i))
}
