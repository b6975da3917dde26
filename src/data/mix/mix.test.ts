import { describe, expect, it } from 'vitest'
import { random } from '../../random.js'
import { drawMix, type Mix, mixPictures, rectangleMix } from './mix.js'
import { type Mixing, resolveMixing } from './mixing.js'

const SIDE = 32
const draws = (settings: Parameters<typeof resolveMixing>[0], count = 2000): (Mix | undefined)[] => {
  const mixing = resolveMixing(settings) as Mixing
  return Array.from({ length: count }, (_, n) => drawMix(mixing, SIDE, random(1, 'mix', 0, n)))
}
const drawn = (mixes: readonly (Mix | undefined)[]): Mix[] => mixes.filter((mix) => mix !== undefined)

describe('what is drawn for a batch', () => {
  it('is an adding up by mixup, a rectangle by CutMix, whose share is what it leaves', () => {
    expect(drawn(draws({ mixup: 0.2 })).every(({ box, share }) => !box && share >= 0 && share <= 1)).toBe(true)
    for (const { box, share } of drawn(draws({ cutmix: 1 }, 200))) {
      expect(share).toBe(1 - (box!.height * box!.width) / SIDE ** 2)
      expect(Math.min(box!.top, box!.left)).toBeGreaterThanOrEqual(0)
      expect(Math.max(box!.top + box!.height, box!.left + box!.width)).toBeLessThanOrEqual(SIDE)
    }
  })

  it('is of so many batches, and of so many of them a rectangle', () => {
    const some = draws({ mixup: 1, cutmix: 1, probability: 0.7, switch: 0.2 })
    expect(drawn(some).length / some.length).toBeCloseTo(0.7, 1)
    expect(drawn(some).filter(({ box }) => box).length / drawn(some).length).toBeCloseTo(0.2, 1)
  })

  it('follows from its key alone', () => {
    expect(draws({ mixup: 0.4, cutmix: 1 }, 20)).toEqual(draws({ mixup: 0.4, cutmix: 1 }, 20))
  })
})

describe('the mixing of pictures', () => {
  /** Three pictures of two channels, 3×3: picture n has the values n·100 + place. */
  const pictures = () => Float32Array.from({ length: 3 * 18 }, (_, i) => Math.floor(i / 18) * 100 + (i % 18))
  const shape = [3, 2, 3, 3]

  it('adds up each with the one at its place from the end; the middle one stays', () => {
    const mixed = pictures()
    mixPictures(mixed, shape, { share: 0.75 })
    for (const [n, base] of [50, 100, 150].entries())
      expect(mixed.subarray(18 * n, 18 * (n + 1))).toEqual(Float32Array.from({ length: 18 }, (_, i) => base + i))
  })

  it('exchanges a rectangle in all channels', () => {
    const mixed = pictures()
    mixPictures(mixed, shape, { share: 7 / 9, box: { top: 1, left: 1, height: 1, width: 2 } })
    const expected = pictures()
    for (const i of [4, 5, 13, 14]) [expected[i], expected[36 + i]] = [200 + i, i]
    expect(mixed).toEqual(expected)
  })
})

it('a rectangle is cut off where it sticks out', () => {
  // 9 of 32 pixels, so 4 to each side.
  const share = 1 - (9.1 / 32) ** 2
  expect(rectangleMix(share, 1, 31, 32)).toEqual({
    share: 1 - 25 / 1024,
    box: { top: 0, left: 27, height: 5, width: 5 },
  })
})

it.each([[undefined], [{}], [{ mixup: 0, cutmix: 0 }], [{ mixup: 1, probability: 0 }]])(
  'nothing is mixed with %j',
  (settings) => {
    expect(resolveMixing(settings)).toBeUndefined()
  },
)

it('settings that are none are refused', () => {
  expect(() => resolveMixing({ mixup: -1 })).toThrow('mix: mixup: expected a number of at least 0, got -1')
})
