import { describe, expect, it } from 'vitest'
import { float32 } from '../tensor.js'
import { inputShape, type Preprocessing, preparedShape, preprocess } from './preprocessing.js'
import { mirror } from './transforms/mirror.js'
import type { Transform } from './transforms/transform.js'
import type { ViewCount } from './view-counts.js'
import { viewsOf, withViews } from './views.js'

/** Every value of the picture is another one, so that it tells its place: the square in the middle begins in column 1. */
const picture = Uint8Array.from({ length: 3 * 4 * 6 }, (_, i) => i)
const preprocessing: Preprocessing = {
  size: 4,
  normalisation: { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] },
  augmentation: [{ kind: 'random-crop', size: 2, padding: 0 }],
}

function views(count: ViewCount): number[][] {
  const several = withViews(preprocessing, count)
  expect(preparedShape(several, 5)).toEqual([5 * count, 3, 2, 2])
  const target = new Float32Array(count * 12)
  preprocess(picture, [3, 4, 6], several, undefined, target, 0)
  // The first channel of each.
  return Array.from({ length: count }, (_, n) => [...target.subarray(12 * n, 12 * n + 4)])
}

describe('views', () => {
  it('1 is the test without views', () => {
    expect(withViews(preprocessing, 1)).toBe(preprocessing)
    expect(views(1)).toEqual([[8, 9, 14, 15]])
  })

  it('10 are the corners and the middle of the square, then their mirror images', () => {
    const plain = [
      [1, 2, 7, 8],
      [3, 4, 9, 10],
      [8, 9, 14, 15],
      [13, 14, 19, 20],
      [15, 16, 21, 22],
    ]
    expect(views(10)).toEqual([...plain, ...plain.map(([a, b, c, d]) => [b, a, d, c])])
  })

  it('2 are the middle and its mirror image', () => {
    expect(views(2)).toEqual([
      [8, 9, 14, 15],
      [9, 8, 15, 14],
    ])
  })

  it.each([
    ['of a network that sees whole pictures', []],
    ['where it crops', [{ kind: 'random-crop', size: 3, padding: 0 }]],
    ['with padding', [{ kind: 'random-crop', size: 4, padding: 2 }, { kind: 'mirror' }]],
  ] satisfies [string, Transform[]][])(
    '2 are the very test without views, and its mirror image: %s',
    (_, augmentation) => {
      const plain = { ...preprocessing, augmentation }
      const [channels, side] = inputShape(plain)
      // Seven columns: where the middle of odd widths lies must not depend on the side that it is seen from.
      const wide = Uint8Array.from({ length: 3 * 4 * 7 }, (_, i) => 3 * i)
      const [one, two] = ([1, 2] as const).map((count) => {
        const target = new Float32Array(count * channels * side * side)
        preprocess(wide, [3, 4, 7], withViews(plain, count), undefined, target, 0)
        return target
      })
      expect(two.subarray(0, one.length)).toEqual(one)
      expect(two.subarray(one.length)).toEqual(mirror(float32([channels, side, side], one)).data)
    },
  )

  it('9 are a grid', () => {
    expect(views(9).map(([first]) => first)).toEqual([1, 2, 3, 7, 8, 9, 13, 14, 15])
  })

  it('are as many as their name says, and all differ', () => {
    for (const [count, list] of Object.entries(viewsOf))
      expect(new Set(list.map((view) => JSON.stringify(view))).size).toBe(Number(count))
  })

  it('need a crop', () => {
    expect(() => withViews({ ...preprocessing, augmentation: [] }, 10)).toThrow(/10 views need crops smaller/)
  })
})
