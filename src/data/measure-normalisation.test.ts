import { describe, expect, it } from 'vitest'
import { float32 } from '../tensor.js'
import { imagesOf } from './dataset.js'
import type { Image } from './image.js'
import { measureNormalisation } from './measure-normalisation.js'
import { checkNormalisation } from './normalisation.js'
import { shapes } from './shapes.js'
import { resize } from './transforms/resize.js'

/** Two pictures of 3×1×2. */
const tiny: Image[] = [
  { shape: [3, 1, 2], data: Uint8Array.of(0, 10, 100, 100, 255, 255) },
  { shape: [3, 1, 2], data: Uint8Array.of(20, 30, 100, 100, 255, 0) },
]

describe('measureNormalisation', () => {
  it('by channel: mean and deviation of all its pixels', async () => {
    const measured = await measureNormalisation(tiny, 'channel', 1)
    const [red, green, blue] = measured.deviation as readonly number[]
    expect(measured.mean).toEqual([15, 100, 191.25])
    expect(red).toBeCloseTo(Math.sqrt(125), 12)
    // One colour everywhere: nothing to divide by.
    expect(green).toBe(1)
    expect(blue).toBeCloseTo(255 * Math.sqrt(3 / 16), 10)
    checkNormalisation(measured, [3, 1, 2])
  })

  it('by channel, a picture counts by its pixels', async () => {
    const large = { shape: [3, 2, 2], data: new Uint8Array(12).fill(30) } as const
    const small = { shape: [3, 1, 1], data: new Uint8Array(3) } as const
    expect((await measureNormalisation([large, small], 'channel', 1)).mean).toEqual([24, 24, 24])
  })

  it('by pixel: the mean of the pictures as a test sees them', async () => {
    const { train } = shapes({ seed: 1, train: 20, test: 0 })
    const measured = await measureNormalisation(imagesOf(train), 'pixel', 12)
    expect(measured).toMatchObject({ kind: 'pixel', shape: [3, 12, 12], deviation: 1 })
    const sums = new Float64Array(3 * 12 * 12)
    for await (const { data } of imagesOf(train))
      resize(float32([3, 32, 32], Float32Array.from(data)), 12, 12).data.forEach((value, i) => {
        sums[i] += value / 20
      })
    const mean = measured.mean as Float32Array
    sums.forEach((value, i) => {
      expect(mean[i]).toBeCloseTo(value, 3)
    })
  })

  it.each(['channel', 'pixel'] as const)('by %s needs pictures', async (kind) => {
    await expect(measureNormalisation([], kind, 2)).rejects.toThrow(/no pictures/)
  })
})
