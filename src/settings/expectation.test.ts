import { expect, it } from 'vitest'
import * as z from 'zod'
import { expectation } from './expectation.js'

it.each<[string, z.ZodType]>([
  ['a number', z.number()],
  ['a number above 0', z.number().positive()],
  ['a number of at least 0 and below 1', z.number().min(0).lt(1).default(0.5)],
  ['a number of at most 180', z.number().max(180).optional()],
  ['a whole number', z.number().int()],
  ['a whole number of at least 1', z.int().positive()],
  ['true or false', z.boolean()],
  ['text', z.string()],
  ['a, b or c', z.enum(['a', 'b', 'c'])],
  ['x', z.literal('x')],
  ['a number or nothing', z.number().nullable()],
  ['a list of at least 1', z.array(z.number()).min(1)],
  ['a list of 2', z.tuple([z.number(), z.number()])],
  ['keys with values', z.record(z.string(), z.number())],
  ['keys with values', z.union([z.strictObject({}), z.strictObject({ a: z.int() })])],
])('%s', (words, schema) => {
  expect(expectation(schema)).toBe(words)
})

it('says what any of several schemas accept once', () => {
  expect(expectation(z.literal('steps'), z.literal('drops'), z.literal('steps'))).toBe('steps or drops')
})
