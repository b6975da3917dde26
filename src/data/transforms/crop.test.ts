import { expect, it } from 'vitest'
import { float32 } from '../../tensor.js'
import { crop } from './crop.js'

const picture = float32([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])

it('cuts out a square of every channel', () => {
  expect(crop(picture, { top: 0, left: 1 }, 2)).toEqual(float32([2, 2, 2], [2, 3, 5, 6, 8, 9, 11, 12]))
})

it('is 0 outside the picture, on every side', () => {
  expect(crop(picture, { top: -1, left: -1 }, 2).data).toEqual(Float32Array.of(0, 0, 0, 1, 0, 0, 0, 7))
  expect(crop(picture, { top: 1, left: 2 }, 2).data).toEqual(Float32Array.of(6, 0, 0, 0, 12, 0, 0, 0))
  expect(crop(picture, { top: 5, left: -5 }, 1).data).toEqual(Float32Array.of(0, 0))
})
