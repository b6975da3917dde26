import { expect, it } from 'vitest'
import { Speed } from './speed.js'

/** Steps of 10 pictures that end at these times. */
function speedOf(...ends: number[]): Speed {
  const speed = new Speed()
  for (const end of ends) speed.count(10, 0, end)
  return speed
}

it('the first step, which also compiles, is not counted', () => {
  const speed = speedOf()
  speed.goOn(1000)
  speed.count(10, 0, 5000)
  expect([speed.now(), speed.mean(), speed.waitingShare()]).toEqual([0, 0, 0])
  expect(speed.takeEpoch()).toEqual({ seconds: 0, imagesPerSecond: 0 })
  expect(speedOf(5000, 5500).now()).toBe(20)
})

it('what lies between two steps is no training', () => {
  const speed = speedOf(0, 1000)
  speed.goOn(60_000)
  speed.count(10, 0, 61_000)
  expect([speed.now(), speed.mean()]).toEqual([10, 10])
})

it('the present speed is that of the last seconds', () => {
  const speed = speedOf(0, 1000, 2000, 2500, 3000, 3500, 4000, 4500, 5000, 5500)
  expect(speed.now()).toBe(20)
  expect(speed.mean()).toBeCloseTo(90 / 5.5)
})

it('a step that takes longer than that is enough to tell from', () => {
  expect(speedOf(0, 20_000, 30_000).now()).toBe(1)
})

it('each epoch has its own', () => {
  const speed = speedOf(0, 1000)
  expect(speed.takeEpoch()).toEqual({ seconds: 1, imagesPerSecond: 10 })
  speed.count(10, 0, 1500)
  expect(speed.takeEpoch()).toEqual({ seconds: 0.5, imagesPerSecond: 20 })
})

it('tells how long the engine has waited', () => {
  const speed = speedOf(0)
  speed.count(10, 250, 1000)
  expect(speed.waitingShare()).toBe(0.25)
})
