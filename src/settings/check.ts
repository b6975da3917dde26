import type * as z from 'zod'
import { AlexNetError } from '../errors.js'
import { didYouMean } from '../suggest.js'
import { expectation } from './expectation.js'
import { keysAt, schemasAt, valueAt } from './schema-at.js'

/** What is wrong with settings, in one line. */
export interface Problem {
  readonly code: 'unknown-name' | 'invalid-setting'
  readonly message: string
  readonly hint?: string
}

/**
 * Checks settings by a schema.
 *
 * @param origin What the message begins with: a file's name, say.
 * @throws AlexNetError `invalid-setting` that says key, expected and got, or `unknown-name` for a key that does not exist.
 */
export function check<Output>(schema: z.ZodType<Output>, data: unknown, origin: string): Output {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const { code, message, hint } = problemIn(schema, parsed.error, data)
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
 * The first thing that is wrong with data which a schema has refused.
 *
 * @param place Where the data stands in something larger: the key is named in full.
 * @example // { code: 'invalid-setting', message: "optimizer.rate: expected a number above 0, got 'fast'" }
 */
export function problemIn(
  schema: z.ZodType,
  { issues: [issue] }: z.ZodError,
  data: unknown,
  place: readonly string[] = [],
): Problem {
  const name = (path: readonly PropertyKey[]) => [...place, ...path].map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys
    return {
      code: 'unknown-name',
      message: `there is no key '${name([...issue.path, key])}'`,
      hint: didYouMean(key, keysAt(schema, issue.path, data)),
    }
  }
  const wrong = (path: readonly PropertyKey[], expected: string, got: unknown): Problem => ({
    code: 'invalid-setting',
    message: `${[...place, ...path].length > 0 ? `${name(path)}: ` : ''}${expected}, got ${shown(got)}`,
  })
  if (issue.code === 'invalid_key') return wrong(issue.path.slice(0, -1), 'expected a name', issue.path.at(-1))
  const got = valueAt(data, issue.path)
  // A rule of the project's own says itself what it expects.
  if (issue.code === 'custom') return wrong(issue.path, issue.message, got)
  const schemas = schemasAt(schema, issue.path, data) as z.ZodType[]
  return wrong(issue.path, `expected ${expectation(...schemas)}`, got)
}

/** A value in a message. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  const text =
    typeof value === 'string' ? `'${value}'` : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
