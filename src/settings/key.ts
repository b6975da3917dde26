import { parse as parseYaml } from 'yaml'
import * as z from 'zod'
import { AlexNetError } from '../errors.js'
import { didYouMean } from '../suggest.js'
import { problemIn, shown } from './check.js'
import { expectation } from './expectation.js'
import { pointersIn } from './pointers.js'
import { bare, discriminatorOf, keysAt, objectsIn, schemasAt, takesNames, wordsOf } from './schema-at.js'

/**
 * The path that a key with dots means. Names in a record may have dots themselves: `optimizer.multipliers.features.0` is
 * the multiplier of `features.0`.
 *
 * @throws AlexNetError `unknown-name` where the schema has no such key.
 */
export function pathOf(schema: z.ZodType, key: string): readonly string[] {
  const path: string[] = []
  const words = key.split('.')
  while (words.length > 0) {
    const isRecord = schemasAt(schema, path).some(takesNames)
    const word = isRecord ? words.splice(0).join('.') : words.shift()!
    const known = keysAt(schema, path)
    if (schemasAt(schema, [...path, word]).length === 0)
      throw new AlexNetError(
        'unknown-name',
        `there is no key '${[...path, word].join('.')}'`,
        pointersIn(schema).key([...path, word]) ??
          (known.length > 0 ? didYouMean(word, known) : `${path.join('.')} has no keys.`),
      )
    path.push(word)
  }
  return path
}

/**
 * Reads the value of a key as it is typed: text where the schema wants text, YAML otherwise. Nothing at all is
 * `undefined`: the key is to be taken away.
 *
 * @throws AlexNetError `invalid-setting` that says key, expected and got.
 */
export function readValue(schema: z.ZodType, path: readonly string[], text: string): unknown {
  if (text.trim() === '') return undefined
  const candidates = schemasAt(schema, path) as z.ZodType[]
  const pointers = pointersIn(schema)
  const problems = candidates.map((candidate) => {
    const value = valueFor(candidate, text)
    const parsed = candidate.safeParse(value)
    return parsed.success
      ? { value }
      : { problem: problemIn(candidate, parsed.error, value, { place: path, pointers }) }
  })
  const read = problems.find((found) => 'value' in found)
  if (read) return read.value
  const [{ problem }] = problems
  throw candidates.length === 1 && problem
    ? new AlexNetError(problem.code, problem.message, problem.hint)
    : new AlexNetError(
        'invalid-setting',
        `${path.join('.')}: expected ${expectation(...candidates)}, got ${shown(text)}`,
        pointers.word(text, candidates.flatMap(wordsOf)),
      )
}

function valueFor(schema: unknown, text: string): unknown {
  const inner = bare(schema)
  if (inner instanceof z.ZodString || inner instanceof z.ZodEnum || inner instanceof z.ZodLiteral) return text
  try {
    return parseYaml(text)
  } catch {
    return text
  }
}

/**
 * Data with another value at a path; `undefined` takes the key away. Another `kind` keeps of the other keys those that it
 * has too. What comes out is to be checked.
 *
 * @throws AlexNetError `invalid-setting` where the list has no such entry, or the kind no such key.
 */
export function withValue(schema: unknown, data: unknown, path: readonly string[], value: unknown): unknown {
  return replaced(schema, data, path, value, [])
}

function replaced(
  schema: unknown,
  data: unknown,
  [key, ...rest]: readonly string[],
  value: unknown,
  place: readonly string[],
): unknown {
  if (key === undefined) return value
  const here = [...place, key]
  if (Array.isArray(data)) {
    if (!Object.hasOwn(data, key))
      throw new AlexNetError('invalid-setting', `there is no ${here.join('.')}: the list has ${data.length} entries`)
    return data.with(Number(key), replaced(childOf(schema, key, data), data[Number(key)], rest, value, here))
  }
  const { [key]: before, ...others } = isObject(data) ? data : {}
  const after = replaced(childOf(schema, key, data), before, rest, value, here)
  const changed = after === undefined ? others : { ...others, [key]: after }
  if (key === discriminatorOf(schema)) return known(objectsIn(schema, changed)[0], changed)
  refuseForeign(schema, data, key, place)
  return changed
}

function childOf(schema: unknown, key: string, data: unknown): unknown {
  return (schemasAt(schema, [key], data)[0] ?? schemasAt(schema, [key])[0]) as unknown
}

/** The entries that a kind of object has. */
function known({ shape }: z.ZodObject, data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([key]) => Object.hasOwn(shape, key)))
}

/** A key of another kind than the data's is no typing error: the message says which kind has it. */
function refuseForeign(schema: unknown, data: unknown, key: string, place: readonly string[]): void {
  const kind = discriminatorOf(schema)
  if (kind === undefined || !isObject(data) || keysAt(schema, [], data).includes(key)) return
  const having = objectsIn(schema).filter(({ shape }) => Object.hasOwn(shape, key))
  const kinds = expectation(...having.map(({ shape }) => shape[kind] as z.ZodType))
  throw new AlexNetError(
    'invalid-setting',
    `${place.join('.')} of ${kind} ${shown(data[kind])} has no key '${key}'`,
    `It belongs to ${kinds}: set ${[...place, kind].join('.')} first.`,
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
