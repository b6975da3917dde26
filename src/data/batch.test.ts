import { describe, expect, it } from 'vitest'
import { random } from '../random.js'
import { type Batch, emptyBatch, fillBatch } from './batch.js'
import { memoryReader } from './pictures.js'
import { type Preprocessing, preprocess } from './preprocessing.js'
import { shapes } from './shapes.js'

const { train } = shapes({ seed: 1, train: 40, test: 0 })

const preprocessing: Preprocessing = {
  size: 32,
  normalisation: { kind: 'channel', mean: [120, 120, 120], deviation: [60, 60, 60] },
  augmentation: [{ kind: 'random-crop', size: 28, padding: 2 }, { kind: 'mirror' }],
}

const PICTURE = 3 * 28 * 28
const read = memoryReader(train.pictures, train.name)

async function batchOf(
  indices: readonly number[],
  epoch: number | undefined,
  seed: number,
  rounds?: readonly number[],
): Promise<Batch> {
  const batch = emptyBatch(preprocessing, indices.length)
  await fillBatch(batch, { read, labels: train.labels, preprocessing, seed }, { indices, epoch, rounds })
  return batch
}

describe('fillBatch', () => {
  it('gives the pictures and labels asked for, in that order', async () => {
    const batch = await batchOf([7, 0, 7], undefined, 0)
    expect(batch.images.shape).toEqual([3, 3, 28, 28])
    expect(batch.labels).toEqual({ dtype: 'int32', shape: [3], data: Int32Array.of(7, 0, 7) })
    const expected = new Float32Array(PICTURE)
    preprocess(read(0).data, [3, 32, 32], preprocessing, undefined, expected, 0)
    expect(batch.images.data.subarray(PICTURE, 2 * PICTURE)).toEqual(expected)
    expect(batch.images.data.subarray(0, PICTURE)).toEqual(batch.images.data.subarray(2 * PICTURE))
  })

  it('augments a picture by (seed, epoch, picture), whatever batch it is in', async () => {
    const alone = (await batchOf([5], 3, 9)).images.data
    const among = (await batchOf([1, 2, 5], 3, 9)).images.data
    expect(among.subarray(2 * PICTURE)).toEqual(alone)
    const expected = new Float32Array(PICTURE)
    const bytes = read(5).data
    preprocess(bytes, [3, 32, 32], preprocessing, random(9, 'augmentation', 3, 5), expected, 0)
    expect(alone).toEqual(expected)
    expect((await batchOf([5], 4, 9)).images.data).not.toEqual(alone)
    expect((await batchOf([5], 3, 10)).images.data).not.toEqual(alone)
  })

  it('augments each use of a picture anew where it comes twice in an epoch', async () => {
    const twice = (await batchOf([5, 5], 3, 9, [8, 3])).images.data
    expect(twice.subarray(PICTURE)).toEqual((await batchOf([5], 3, 9)).images.data)
    expect(twice.subarray(0, PICTURE)).toEqual((await batchOf([5], 8, 9)).images.data)
    expect(twice.subarray(0, PICTURE)).not.toEqual(twice.subarray(PICTURE))
  })

  it('draws nothing in a test', async () => {
    const indices = Array.from({ length: 40 }, (_, i) => i)
    expect(await batchOf(indices, undefined, 1)).toEqual(await batchOf(indices, undefined, 2))
  })

  it.each([40, -1, 0.5, Number.NaN])('refuses picture %d', async (index) => {
    await expect(batchOf([index], undefined, 0)).rejects.toMatchObject({
      code: 'corrupt-data',
      message: expect.stringContaining('shapes train has no picture'),
    })
  })

  it('waits for pictures that have to be read, and gives the same', async () => {
    const batch = emptyBatch(preprocessing, 2)
    const later = async (index: number) => read(index)
    await fillBatch(batch, { read: later, labels: train.labels, preprocessing, seed: 9 }, { indices: [1, 5], epoch: 3 })
    expect(batch).toEqual(await batchOf([1, 5], 3, 9))
  })

  it('passes on the error of a picture that cannot be read, once all others have come', async () => {
    let pending = 0
    const failing = async (index: number) => {
      pending++
      await new Promise((resolve) => setTimeout(resolve, index))
      pending--
      if (index === 0) throw new Error('cut off')
      return read(index)
    }
    const plan = { indices: [0, 5, 20], epoch: 3 }
    const source = { read: failing, labels: train.labels, preprocessing, seed: 9 }
    await expect(fillBatch(emptyBatch(preprocessing, 3), source, plan)).rejects.toThrow('cut off')
    expect(pending).toBe(0)
  })
})
