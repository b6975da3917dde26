import { describe, expect, it } from 'vitest'
import { float32 } from '../tensor.js'
import { filterSheet } from './filter-sheet.js'

describe('filterSheet', () => {
  it('draws each filter on its own scale, with 0 a middle gray', () => {
    // Two filters of 1×1: red and dark green, ten times weaker.
    const weight = float32([2, 3, 1, 1], Float32Array.of(1, 0, 0, 0, -0.1, 0))
    const { shape, data } = filterSheet(weight, 1)
    expect(shape).toEqual([3, 3, 5]) // a gap of one around each
    const at = (x: number) => [0, 1, 2].map((c) => data[c * 15 + 5 + x])
    expect(at(1)).toEqual([255, 128, 128])
    expect(at(3)).toEqual([128, 0, 128])
    expect(at(2)).toEqual([255, 255, 255])
  })

  it('draws filters that are all 0', () => {
    expect(filterSheet(float32([1, 3, 1, 1], new Float32Array(3)), 2).data).toContain(128)
  })
})
