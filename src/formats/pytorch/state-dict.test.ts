import { expect, it } from 'vitest'
import { findStateDict } from './state-dict.js'

it('a dict that holds itself under many keys is looked through a few times only', () => {
  let looks = 0
  class Counting extends Map<unknown, unknown> {
    override get(key: unknown): unknown {
      looks++
      return super.get(key)
    }
  }
  const dict = new Counting()
  // Looked through each time that it is met, it would take 40⁵ looks.
  const keys = 40
  for (let key = 0; key < keys; key++) dict.set(`key ${key}`, dict)
  expect(() => findStateDict(dict)).toThrow(/expected a state_dict/)
  expect(looks).toBeLessThan(10 * (keys + 20))
})
