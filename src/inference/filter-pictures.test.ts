import { describe, expect, it } from 'vitest'
import { float32 } from '../tensor.js'
import { filterPictures } from './filter-pictures.js'

describe('filterPictures', () => {
  it('puts each filter on its own scale, with 0 a middle gray', () => {
    // Two filters of 1×1: red and dark green, ten times weaker.
    const pictures = filterPictures(float32([2, 3, 1, 1], [1, 0, 0, 0, -0.1, 0]))
    expect(pictures).toEqual({ dtype: 'uint8', shape: [2, 3, 1, 1], data: Uint8Array.of(255, 128, 128, 128, 0, 128) })
  })

  it('draws filters that are all 0', () => {
    expect([...filterPictures(float32([1, 3, 1, 1], [0, 0, 0]))!.data]).toEqual([128, 128, 128])
  })

  it('draws nothing of what does not see three colours', () => {
    expect(filterPictures(undefined)).toBeUndefined()
    expect(filterPictures(float32([1, 1, 1, 1], [1]))).toBeUndefined()
    expect(filterPictures(float32([3], [1, 2, 3]))).toBeUndefined()
  })
})
