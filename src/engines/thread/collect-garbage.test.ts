import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { collectGarbage } from './collect-garbage.js'

it('frees what is held no more, and leaves no function behind', async () => {
  const dropped = new WeakRef(new ArrayBuffer(16))
  // What a WeakRef was made of stays until the turn is over.
  await new Promise((resolve) => setImmediate(resolve))
  expect(dropped.deref()).toBeDefined()
  await new Promise((resolve) => setImmediate(resolve))
  collectGarbage()
  expect(dropped.deref()).toBeUndefined()
  expect(runInNewContext('typeof gc')).toBe(typeof globalThis.gc)
})
