import { expect, it } from 'vitest'
import { fromInterleaved, toInterleaved } from './image.js'

it('turns interleaved pixels into planes and back', () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6)
  const image = fromInterleaved(pixels, 1, 2, 3)
  expect(image).toEqual({ shape: [3, 1, 2], data: Uint8Array.of(1, 4, 2, 5, 3, 6) })
  expect(toInterleaved(image)).toEqual(pixels)
})

it('drops alpha', () => {
  expect(fromInterleaved(Uint8ClampedArray.of(1, 2, 3, 255), 1, 1, 4).data).toEqual(Uint8Array.of(1, 2, 3))
})
