import { describe, expect, it } from 'vitest'
import { stackTiles, tileOf } from './tiles.js'

const unit = { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] } as const

describe('tileOf', () => {
  it('puts mean and deviation back, and keeps within bytes', () => {
    const normalisation = { kind: 'channel', mean: [100, 50, 200], deviation: [10, 20, 30] } as const
    const { shape, data } = tileOf(Float32Array.of(0, 1, 0, -5, 2, -1), 1, 2, normalisation)
    expect(shape).toEqual([3, 1, 2])
    expect([...data]).toEqual([100, 110, 50, 0, 255, 170])
  })

  it('puts the mean colour back for a mean picture', () => {
    const normalisation = {
      kind: 'pixel',
      mean: Float32Array.of(10, 20, 30, 50, 0, 2),
      shape: [3, 1, 2],
      deviation: 2,
    } as const
    expect([...tileOf(new Float32Array(6), 1, 2, normalisation).data]).toEqual([15, 15, 40, 40, 1, 1])
  })

  it('reduces a large picture by averaging, without what is left over', () => {
    // Twice as wide as a tile may be, and 3 high: one row is left over.
    const width = 224
    const values = Float32Array.from({ length: 3 * 3 * width }, (_, i) => {
      const [row, x] = [Math.floor(i / width) % 3, i % width]
      return row === 2 ? 255 : (x % 2) * 4 + row * 8
    })
    const { shape, data } = tileOf(values, 3, width, unit)
    expect(shape).toEqual([3, 1, 112])
    expect(new Set(data)).toEqual(new Set([6]))
  })
})

describe('stackTiles', () => {
  it('puts them one after the other, and makes nothing of none', () => {
    const tiles = [1, 2].map((value) => tileOf(new Float32Array(3).fill(value), 1, 1, unit))
    expect(stackTiles(tiles)).toEqual({ dtype: 'uint8', shape: [2, 3, 1, 1], data: Uint8Array.of(1, 1, 1, 2, 2, 2) })
    expect(stackTiles([])).toBeUndefined()
  })
})
