import { expect, it } from 'vitest'
import { strip } from '../../web/without-descriptions.js'

it.each([
  ["const a = z.string().describe('text').optional()", 'const a = z.string().optional()'],
  ["z.object({ a: z.int().describe('a ' + `b`) }).describe('all')", 'z.object({ a: z.int() })'],
  ['layer.describe(layer)', 'layer.describe(layer)'],
  ["describe('a test', () => 1)", "describe('a test', () => 1)"],
])('%s becomes %s', (code, stripped) => {
  expect(strip(code)).toBe(stripped)
})
