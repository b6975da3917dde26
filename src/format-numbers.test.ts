import { expect, it } from 'vitest'
import { count, duration, large, percent } from './format-numbers.js'

it.each([
  [count(61_100_840), '61,100,840'],
  [count(2.6), '3'],
  [count(-1234), '-1,234'],
  [count(-123), '-123'],
  [count(1000), '1,000'],
  [large(714_188_480), '714 M'],
  [large(61_100_840), '61.1 M'],
  [large(999), '999'],
  [percent(0.9375), '93.75 %'],
  [percent(0.9375, 1), '93.8 %'],
  [duration(7.2), '7 s'],
  [duration(59.6), '1 min 00 s'],
  [duration(65), '1 min 05 s'],
  [duration(3725), '1 h 02 min'],
])('%s is written as %s', (written, expected) => {
  expect(written).toBe(expected)
})

it('what is not known is a dash', () => {
  for (const write of [count, percent, duration]) expect(write(Number.NaN)).toBe('–')
  expect(duration(Number.POSITIVE_INFINITY)).toBe('–')
})
