import { describe, expect, it } from 'vitest'
import { random, threefry2x32 } from './random.js'

describe('threefry2x32', () => {
  // Known-answer vectors of the authors' Random123 library (kat_vectors, threefry2x32, 20 rounds).
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as [[number, number], [number, number], [number, number]][])('key %j, counter %j', (key, counter, expected) => {
    expect(threefry2x32(key, counter)).toEqual(expected)
  })
})

describe('random', () => {
  it('depends on every part of its key', () => {
    const first = (...key: Parameters<typeof random>) => random(...key).uint32()
    const numbers = [
      first(1, 'shuffle', 0, 0),
      first(2, 'shuffle', 0, 0),
      first(1, 'dropout', 0, 0),
      first(1, 'shuffle', 1, 0),
      first(1, 'shuffle', 0, 1),
      first(1, 'shuffle', 0),
      first(1, 'shuffle', 'a', 0),
    ]
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(first(1, 'shuffle', 0, 0)).toBe(numbers[0])
  })

  it('draws normal numbers of mean 0 and deviation 1', () => {
    const stream = random(1, 'test')
    const samples = Array.from({ length: 20000 }, () => stream.normal())
    const mean = samples.reduce((a, b) => a + b) / samples.length
    const variance = samples.reduce((a, b) => a + (b - mean) ** 2, 0) / samples.length
    expect(mean).toBeCloseTo(0, 1)
    expect(variance).toBeCloseTo(1, 1)
  })

  it('fills masks with the share asked for, also of odd length', () => {
    const mask = new Uint8Array(99_999)
    random(1, 'dropout').fillMask(mask, 0.7)
    expect(mask.reduce((a, b) => a + b) / mask.length).toBeCloseTo(0.7, 2)
    random(1, 'dropout').fillMask(mask, 1)
    expect(mask.every((kept) => kept === 1)).toBe(true)
  })

  it('draws any part of a mask as it is in the whole', () => {
    const whole = new Uint8Array(60)
    random(1, 'dropout').fillMask(whole, 0.5)
    for (let from = 0; from < 20; from++) {
      const part = new Uint8Array(17)
      random(1, 'dropout').fillMask(part, 0.5, from)
      expect(part, `from ${from}`).toEqual(whole.slice(from, from + 17))
    }
  })

  it('permutes', () => {
    const order = random(1, 'shuffle').permutation(1000)
    expect([...order]).not.toEqual([...order].sort((a, b) => a - b))
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
  })
})
