import type { Context } from 'hono'
import type * as z from 'zod'
import { problemIn } from '../settings/check.js'
import { HttpProblem } from './problem.js'

/**
 * Reads the query of a request by a strict schema.
 * @throws HttpProblem 400 for a parameter that is unknown, comes twice or is out of range.
 */
export function readQuery<T>(c: Context, schema: z.ZodType<T>): T {
  const values = Object.entries(c.req.queries()).map(([name, all]) => {
    if (all.length > 1)
      throw new HttpProblem(400, 'invalid-parameter', `the parameter ${quoted(name)} comes ${all.length} times`)
    return [name, all[0]]
  })
  const query = Object.fromEntries(values)
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data
  const { message } = problemIn(schema, parsed.error, query)
  throw new HttpProblem(
    400,
    'invalid-parameter',
    `the query: ${message}`.slice(0, 300),
    'The parameters are described at /openapi.json.',
  )
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40))
}
