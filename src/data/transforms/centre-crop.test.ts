import { expect, it } from 'vitest'
import { float32 } from '../../tensor.js'
import { centreCorner, centreCrop } from './centre-crop.js'

it('takes the middle, and rounds half a pixel to the upper left', () => {
  expect(centreCorner(32, 40, 24)).toEqual({ top: 4, left: 8 })
  expect(centreCorner(5, 4, 2)).toEqual({ top: 1, left: 1 })
  expect(centreCorner(32, 32, 40)).toEqual({ top: -4, left: -4 })
})

it('crops', () => {
  const picture = float32([1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(centreCrop(picture, 1)).toEqual(float32([1, 1, 1], [5]))
  expect(centreCrop(float32([1, 1, 1], [5]), 3)).toEqual(float32([1, 3, 3], [0, 0, 0, 0, 5, 0, 0, 0, 0]))
})
