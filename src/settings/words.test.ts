import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { scanReportSchema } from '../data/node/pictures/scan-report.js'
import { modelSchema } from '../models/model.js'
import { metricsLineSchema } from '../runs/lines.js'
import { liveProgressSchema } from '../runs/live.js'
import { progressSchema } from '../runs/progress.js'
import { recipeSchema } from '../runs/recipe.js'
import { recipeOutlineSchema } from '../runs/recipe-outline.js'
import { scheduleSchema } from '../runs/schedule.js'
import { predictQuery } from '../server/openapi.js'
import { problemIn } from './check.js'
import { bare, discriminatorOf, objectsIn, wordsOf } from './schema-at.js'

/** One of each that YAML, JSON or a query can hold, and that hardly any key takes. */
const wrongValues = [
  null,
  true,
  0,
  -1,
  1.5,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  '',
  'x',
  '-3',
  [],
  [[]],
  [-1],
  {},
  { x: 1 },
  { kind: 'x' },
]

const schemas: [string, z.ZodType][] = [
  ['a recipe', recipeSchema],
  ['an outline', recipeOutlineSchema],
  ['a schedule', scheduleSchema],
  ['a query', predictQuery],
  ['a model', modelSchema],
  ['progress', progressSchema],
  ['a line of metrics', metricsLineSchema],
  ['live progress', liveProgressSchema],
  ['a scan', scanReportSchema],
]

/** Words of zod that are none of this project's. */
const zodsWords = /invalid|too (small|big)|unrecognized|received|required|must|>=?|<=?/i

describe("zod's own words do not reach anybody", () => {
  it.each(schemas)('%s', (_, schema) => {
    const seen = new Set<string>()
    const messages = wrongData(schema).flatMap((data) => {
      const parsed = schema.safeParse(data)
      // Whichever of the issues comes first: each is to be said in words of ours. Of the same issue one is enough.
      const issues = parsed.error?.issues.filter(({ code, path }) => {
        const kind = `${code} ${path.join('.')}`
        return !seen.has(kind) && seen.add(kind)
      })
      return (issues ?? []).map((issue) => problemIn(schema, new z.ZodError([issue]), data).message)
    })
    expect(messages.length).toBeGreaterThan(1)
    expect(messages.filter((message) => zodsWords.test(message))).toEqual([])
    expect(messages.filter((message) => !/expected|there is no key/.test(message))).toEqual([])
    expect(messages.filter((message) => message.includes('something else'))).toEqual([])
  })
})

/** Each wrong value alone, and in the place of each key, entry and kind, down to some depth; and a key too many. */
function wrongData(schema: unknown, depth = 3): unknown[] {
  const inner = bare(schema)
  const within = (child: unknown) => (depth === 0 ? [] : wrongData(child, depth - 1))
  const kind = discriminatorOf(inner)
  return [
    ...wrongValues,
    ...(inner instanceof z.ZodArray ? within(inner.element).map((value) => [value]) : []),
    ...(inner instanceof z.ZodRecord ? within(inner.valueType).map((value) => ({ name: value })) : []),
    ...objectsIn(inner).flatMap(({ shape }) => {
      const base = kind === undefined ? {} : { [kind]: wordsOf(shape[kind])[0] }
      const keys = Object.keys(shape).filter((key) => key !== kind)
      return [
        { ...base, unknownKey: 1 },
        ...keys.flatMap((key) => within(shape[key]).map((value) => ({ ...base, [key]: value }))),
      ]
    }),
  ]
}
