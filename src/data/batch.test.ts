import { describe, expect, it } from 'vitest'
import { random } from '../random.js'
import { makeBatch } from './batch.js'
import { type Preprocessing, preprocess } from './preprocessing.js'
import { shapes } from './shapes.js'

const { train } = shapes({ seed: 1, train: 40, test: 0 })

const preprocessing: Preprocessing = {
  size: 32,
  normalisation: { kind: 'channel', mean: [120, 120, 120], deviation: [60, 60, 60] },
  augmentation: [{ kind: 'random-crop', size: 28, padding: 2 }, { kind: 'mirror' }],
}

const PICTURE = 3 * 28 * 28

describe('makeBatch', () => {
  it('holds the pictures and labels asked for, in that order', () => {
    const batch = makeBatch(train, preprocessing, [7, 0, 7], undefined, 0)
    expect(batch.images.shape).toEqual([3, 3, 28, 28])
    expect(batch.labels).toEqual({ dtype: 'int32', shape: [3], data: Int32Array.of(7, 0, 7) })
    const expected = new Float32Array(PICTURE)
    preprocess(train.images.subarray(0, 3072), [3, 32, 32], preprocessing, undefined, expected, 0)
    expect(batch.images.data.subarray(PICTURE, 2 * PICTURE)).toEqual(expected)
    expect(batch.images.data.subarray(0, PICTURE)).toEqual(batch.images.data.subarray(2 * PICTURE))
  })

  it('augments a picture by (seed, epoch, picture), whatever batch it is in', () => {
    const alone = makeBatch(train, preprocessing, [5], 3, 9).images.data
    const among = makeBatch(train, preprocessing, [1, 2, 5], 3, 9).images.data
    expect(among.subarray(2 * PICTURE)).toEqual(alone)
    const expected = new Float32Array(PICTURE)
    const bytes = train.images.subarray(5 * 3072, 6 * 3072)
    preprocess(bytes, [3, 32, 32], preprocessing, random(9, 'augmentation', 3, 5), expected, 0)
    expect(alone).toEqual(expected)
    expect(makeBatch(train, preprocessing, [5], 4, 9).images.data).not.toEqual(alone)
    expect(makeBatch(train, preprocessing, [5], 3, 10).images.data).not.toEqual(alone)
  })

  it('draws nothing in a test', () => {
    const indices = Array.from({ length: 40 }, (_, i) => i)
    expect(makeBatch(train, preprocessing, indices, undefined, 1)).toEqual(
      makeBatch(train, preprocessing, indices, undefined, 2),
    )
  })

  it.each([40, -1, 0.5, Number.NaN])('refuses picture %d', (index) => {
    expect(() => makeBatch(train, preprocessing, [index], undefined, 0)).toThrow(
      expect.objectContaining({
        code: 'corrupt-data',
        message: expect.stringContaining('shapes train has no picture'),
      }),
    )
  })
})
