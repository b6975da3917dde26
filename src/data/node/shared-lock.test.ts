import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { SharedLock } from './shared-lock.js'

it('shared work runs together, lone work beside nothing, and all of it runs', async () => {
  const lock = new SharedLock()
  let sharing = 0
  let alone = 0
  let most = 0
  let done = 0
  const shared = () =>
    lock.shared(async () => {
      most = Math.max(most, ++sharing)
      expect(alone).toBe(0)
      await sleep(1)
      sharing--
      done++
    })
  const lone = () =>
    lock.alone(async () => {
      expect([sharing, ++alone]).toEqual([0, 1])
      await sleep(1)
      alone--
      done++
    })
  await Promise.all([shared(), shared(), lone(), shared(), lone(), shared().then(lone), shared()])
  expect(done).toBe(8)
  expect(most).toBeGreaterThan(1)
})

it('work that fails leaves the lock free', async () => {
  const lock = new SharedLock()
  const fail = () => Promise.reject(new Error('no'))
  const results = await Promise.allSettled([lock.shared(fail), lock.alone(fail), lock.shared(fail)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(await lock.alone(async () => 'free')).toBe('free')
})

it('whoever waits to be alone goes before shared work that comes later', async () => {
  const lock = new SharedLock()
  const order: string[] = []
  const note = (name: string) => async () => {
    order.push(name)
    await sleep(1)
  }
  await Promise.all([lock.shared(note('first')), lock.alone(note('alone')), lock.shared(note('later'))])
  expect(order).toEqual(['first', 'alone', 'later'])
})
