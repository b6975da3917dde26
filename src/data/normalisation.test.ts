import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../errors.js'
import { checkNormalisation } from './normalisation.js'

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
})
