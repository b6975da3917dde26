import type * as z from 'zod'
import { AlexNetError } from '../errors.js'
import { didYouMean } from '../suggest.js'
import { expectation } from './expectation.js'
import { discriminatorOf, keysAt, schemasAt, valueAt, wordsOf } from './schema-at.js'

/** What is wrong with settings, in one line. */
export interface Problem {
  readonly code: 'unknown-name' | 'invalid-setting'
  readonly message: string
  readonly hint?: string
}

/** Knows what things are called that somebody has named as other programs do: what there is to say, if anything. */
export interface Pointers {
  /** @param path Where the unknown key stands, itself included. */
  key(path: readonly string[]): string | undefined
  /** @param known The words that can stand there. */
  word(text: string, known: readonly string[]): string | undefined
}

/**
 * Checks settings by a schema.
 *
 * @param origin What the message begins with: a file's name, say.
 * @param pointers For what a person has written.
 * @throws AlexNetError `invalid-setting` that says key, expected and got, or `unknown-name` for a key that does not exist.
 */
export function check<Output>(schema: z.ZodType<Output>, data: unknown, origin: string, pointers?: Pointers): Output {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const { code, message, hint } = problemIn(schema, parsed.error, data, { pointers })
  throw new AlexNetError(code, `${origin}: ${message}`, hint)
}

/**
 * Checks by a schema what a program has written, and not a person.
 * @throws AlexNetError `corrupt-data` that says key, expected and got.
 */
export function checkWritten<Output>(schema: z.ZodType<Output>, data: unknown, origin: string): Output {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  throw new AlexNetError('corrupt-data', `${origin}: ${problemIn(schema, parsed.error, data).message}`)
}

/**
 * The first thing that is wrong with data which a schema has refused: a key that does not exist before one that is
 * missing, since it is most often the same one by another name.
 *
 * @param about.place Where the data stands in something larger: the key is named in full.
 * @example // { code: 'invalid-setting', message: "optimizer.rate: expected a number above 0, got 'fast'" }
 */
export function problemIn(
  schema: z.ZodType,
  { issues }: z.ZodError,
  data: unknown,
  { place = [], pointers }: { readonly place?: readonly string[]; readonly pointers?: Pointers } = {},
): Problem {
  const issue = withinChoice(issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0])
  const inFull = (path: readonly PropertyKey[]) => [...place, ...path].map(String)
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys
    const path = inFull([...issue.path, key])
    return {
      code: 'unknown-name',
      message: `there is no key '${path.join('.')}'`,
      hint: pointers?.key(path) ?? didYouMean(key, keysAt(schema, issue.path, data)),
    }
  }
  const wrong = (path: readonly PropertyKey[], expected: string, got: unknown, hint?: string): Problem => ({
    code: 'invalid-setting',
    message: `${inFull(path).length > 0 ? `${inFull(path).join('.')}: ` : ''}${expected}, got ${shown(got)}`,
    hint,
  })
  if (issue.code === 'invalid_key') return wrong(issue.path.slice(0, -1), 'expected a name', issue.path.at(-1))
  const got = valueAt(data, issue.path)
  // A rule of the project's own says itself what it expects.
  if (issue.code === 'custom') return wrong(issue.path, issue.message, got)
  const schemas = schemasAt(schema, issue.path, data) as z.ZodType[]
  return wrong(
    issue.path,
    `expected ${expectation(...schemas)}`,
    got,
    typeof got === 'string' ? wordHint(got, schemas, pointers) : undefined,
  )
}

/** Where a choice was made of several forms, what is wrong within the one that was meant: the one that got further. */
function withinChoice(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors.flat().find(({ path }) => path.length > 0)
  return inner ? withinChoice({ ...inner, path: [...issue.path, ...inner.path] }) : issue
}

/** What to write instead of a word that does not fit. */
function wordHint(word: string, schemas: readonly unknown[], pointers: Pointers | undefined): string | undefined {
  for (const schema of schemas) {
    const kind = discriminatorOf(schema)
    if (kind !== undefined && schemasAt(schema, [kind]).flatMap(wordsOf).includes(word))
      return `Write {${kind}: ${word}}.`
  }
  return pointers?.word(word, schemas.flatMap(wordsOf))
}

/** A value in a message. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  const text =
    typeof value === 'string' ? `'${value}'` : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
