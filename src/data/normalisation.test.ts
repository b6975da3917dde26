import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../errors.js'
import { float32 } from '../tensor.js'
import type { Dataset } from './dataset.js'
import { checkNormalisation, measureNormalisation } from './normalisation.js'
import { shapes } from './shapes.js'
import { resize } from './transforms/resize.js'

/** Two pictures of 3×1×2. */
const tiny: Dataset = {
  name: 'tiny',
  classes: ['a'],
  imageShape: [3, 1, 2],
  images: Uint8Array.of(0, 10, 100, 100, 255, 255, 20, 30, 100, 100, 255, 0),
  labels: Uint8Array.of(0, 0),
}

describe('measureNormalisation', () => {
  it('by channel: mean and deviation of all its pixels', () => {
    const { mean, deviation } = measureNormalisation(tiny, 'channel')
    expect(mean).toEqual([15, 100, 191.25])
    expect(deviation[0]).toBeCloseTo(Math.sqrt(125), 12)
    expect(deviation[2]).toBeCloseTo(255 * Math.sqrt(3 / 16), 10)
  })

  it('does not divide by 0 where a channel is one colour', () => {
    expect(measureNormalisation(tiny, 'channel').deviation[1]).toBe(1)
  })

  it('by pixel: the mean picture, at the pictures’ own scale', () => {
    expect(measureNormalisation(tiny, 'pixel')).toEqual({
      kind: 'pixel',
      mean: Float32Array.of(10, 20, 100, 100, 255, 127.5),
      shape: [3, 1, 2],
      deviation: 1,
    })
  })

  it('by pixel and resized: the mean of the resized pictures', () => {
    const { train } = shapes({ seed: 1, train: 20, test: 0 })
    const measured = measureNormalisation(train, 'pixel', 12)
    expect(measured.shape).toEqual([3, 12, 12])
    const sums = new Float64Array(3 * 12 * 12)
    for (let n = 0; n < 20; n++) {
      const picture = float32([3, 32, 32], Float32Array.from(train.images.subarray(n * 3072, (n + 1) * 3072)))
      resize(picture, 12).data.forEach((value, i) => {
        sums[i] += value / 20
      })
    }
    sums.forEach((value, i) => {
      expect(measured.mean[i]).toBeCloseTo(value, 3)
    })
  })

  it('needs pictures', () => {
    const empty = { ...tiny, images: new Uint8Array(0), labels: new Uint8Array(0) }
    expect(() => measureNormalisation(empty, 'channel')).toThrow(/tiny has no pictures/)
  })
})

describe('checkNormalisation', () => {
  it.each([
    [{ kind: 'channel', mean: [1, 2], deviation: [1, 2] } as const, /3 channels, got 2 and 2/],
    [{ kind: 'channel', mean: [1, 2, 3], deviation: [1, 0, 1] } as const, /deviation must be above 0, got 0/],
    [{ kind: 'channel', mean: [1, 2, 3], deviation: [1, Number.NaN, 1] } as const, /above 0, got NaN/],
    [
      { kind: 'pixel', mean: new Float32Array(12), shape: [3, 2, 2], deviation: 1 } as const,
      /must be 3×4×4 as the pictures are, got 3×2×2/,
    ],
  ])('refuses what does not fit: %#', (normalisation, message) => {
    expect(() => checkNormalisation(normalisation, [3, 4, 4])).toThrow(AlexNetError)
    expect(() => checkNormalisation(normalisation, [3, 4, 4])).toThrow(message)
  })

  it('accepts what was measured', () => {
    checkNormalisation(measureNormalisation(tiny, 'channel'), [3, 1, 2])
    checkNormalisation(measureNormalisation(tiny, 'pixel'), [3, 1, 2])
  })
})
