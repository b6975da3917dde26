import { describe, expect, it } from 'vitest'
import { type Preprocessing, preparedShape, preprocess } from './preprocessing.js'
import { viewsOf, withViews } from './views.js'

/** Every value of the picture is another one, so that it tells its place: the square in the middle begins in column 1. */
const picture = Uint8Array.from({ length: 3 * 4 * 6 }, (_, i) => i)
const preprocessing: Preprocessing = {
  size: 4,
  normalisation: { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] },
  augmentation: [{ kind: 'random-crop', size: 2, padding: 0 }],
}

function views(count: 1 | 9 | 10): number[][] {
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
