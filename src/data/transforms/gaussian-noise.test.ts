import { expect, it } from 'vitest'
import { random } from '../../random.js'
import { float32 } from '../../tensor.js'
import { gaussianNoise } from './gaussian-noise.js'

it('adds numbers of the normal distribution', () => {
  const count = 90_000
  const noise = gaussianNoise(float32([3, 300, 100], new Float32Array(count)), 1, random(1, 'test')).data
  const mean = noise.reduce((sum, x) => sum + x, 0) / count
  const moment = (power: number) => noise.reduce((sum, x) => sum + (x - mean) ** power, 0) / count
  expect(mean).toBeCloseTo(0, 1)
  expect(moment(2)).toBeCloseTo(1, 1)
  expect(moment(4)).toBeCloseTo(3, 0)
  const beyond = (limit: number) => noise.filter((x) => Math.abs(x) > limit).length / count
  expect(beyond(1)).toBeCloseTo(0.3173, 2)
  expect(beyond(1.96)).toBeCloseTo(0.05, 2)
})

it('of the deviation that is asked for, on top of the picture, the same for the same stream', () => {
  const picture = float32([1, 2, 3], [10, 20, 30, 40, 50, 60])
  const one = gaussianNoise(picture, 2, random(3, 'test'))
  const other = gaussianNoise(picture, 4, random(3, 'test'))
  one.data.forEach((value, i) => {
    expect(other.data[i] - picture.data[i]).toBeCloseTo(2 * (value - picture.data[i]), 3)
  })
  expect(gaussianNoise(picture, 2, random(3, 'test'))).toEqual(one)
})
