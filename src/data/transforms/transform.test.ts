import { expect, it } from 'vitest'
import { transformSchema } from './transform.js'

it('accepts the kinds there are', () => {
  for (const transform of [{ kind: 'random-crop', size: 28, padding: 4 }, { kind: 'mirror' }])
    expect(transformSchema.parse(transform)).toEqual(transform)
})

it.each([
  { kind: 'blur' },
  { kind: 'mirror', size: 3 },
  { kind: 'random-crop', size: 0, padding: 0 },
  { kind: 'random-crop', size: 24.5, padding: 0 },
  { kind: 'random-crop', size: 24, padding: -1 },
  { kind: 'random-crop', size: 24 },
])('refuses %j', (transform) => {
  expect(transformSchema.safeParse(transform).success).toBe(false)
})
