import { expect, it } from 'vitest'
import * as z from 'zod'
import { check, checkWritten, shown } from './check.js'

const schema = z.strictObject({
  rate: z.number().positive(),
  share: z
    .number()
    .refine((value) => value < 1, 'expected a share')
    .optional(),
  names: z.record(z.string().min(1), z.number()).optional(),
  chain: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('crop'), size: z.int() }),
        z.strictObject({ kind: z.literal('turn'), degrees: z.number() }),
      ]),
    )
    .default([]),
  pair: z.tuple([z.number(), z.number()]).optional(),
})

it('gives what fits, with its defaults', () => {
  expect(check(schema, { rate: 1 }, 'here')).toEqual({ rate: 1, chain: [] })
})

it.each<[unknown, string]>([
  [undefined, 'here: expected keys with values, got nothing'],
  [[], 'here: expected keys with values, got []'],
  [{}, 'here: rate: expected a number above 0, got nothing'],
  [{ rate: '1' }, "here: rate: expected a number above 0, got '1'"],
  [{ rate: Number.NaN }, 'here: rate: expected a number above 0, got NaN'],
  [{ rate: 1, share: 2 }, 'here: share: expected a share, got 2'],
  [{ rate: 1, names: { '': 1 } }, "here: names: expected a name, got ''"],
  [{ rate: 1, names: { a: 'b' } }, "here: names.a: expected a number, got 'b'"],
  [{ rate: 1, chain: [{ kind: 'crops' }] }, "here: chain.0.kind: expected crop or turn, got 'crops'"],
  [{ rate: 1, chain: [{ kind: 'crop', size: 1.5 }] }, 'here: chain.0.size: expected a whole number, got 1.5'],
  [{ rate: 1, pair: [1] }, 'here: pair: expected a list of 2, got [1]'],
])('says what is wrong with %j', (data, message) => {
  expect(() => check(schema, data, 'here')).toThrow(expect.objectContaining({ code: 'invalid-setting', message }))
  expect(() => checkWritten(schema, data, 'here')).toThrow(expect.objectContaining({ code: 'corrupt-data', message }))
})

it('suggests a key among those that can stand there', () => {
  const data = { rate: 1, chain: [{ kind: 'turn', degrees: 1, degree: 2 }] }
  expect(() => check(schema, data, 'here')).toThrow(
    expect.objectContaining({
      code: 'unknown-name',
      message: "here: there is no key 'chain.0.degree'",
      hint: "Did you mean 'degrees'? Known: kind, degrees.",
    }),
  )
})

it('shows long values by their beginning', () => {
  expect(shown('x'.repeat(100))).toBe(`'${'x'.repeat(58)}…`)
})
