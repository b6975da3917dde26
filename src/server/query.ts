import type { Context } from 'hono'
import type * as z from 'zod'
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
  const parsed = schema.safeParse(Object.fromEntries(values))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue.path.length === 0 ? 'the query' : `the parameter ${quoted(issue.path.join('.'))}`
  throw new HttpProblem(
    400,
    'invalid-parameter',
    `${place}: ${issue.message}`.slice(0, 300),
    'The parameters are described at /openapi.json.',
  )
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40))
}
