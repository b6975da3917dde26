import { describe, expect, it } from 'vitest'
import { type Batch, emptyBatch, fillBatch } from './batch.js'
import { batchLoader, type LoaderOptions } from './batch-loader.js'
import { subset } from './dataset.js'
import { epochOrder } from './epoch-order.js'
import { memoryReader } from './pictures.js'
import { shapes } from './shapes.js'

const options: LoaderOptions = {
  dataset: shapes({ seed: 1, train: 50, test: 0 }).train,
  preprocessing: {
    size: 32,
    normalisation: { kind: 'channel', mean: [120, 120, 120], deviation: [60, 60, 60] },
    augmentation: [{ kind: 'random-crop', size: 28, padding: 2 }, { kind: 'mirror' }],
  },
  batchSize: 16,
  seed: 7,
}

describe('batchLoader', () => {
  it('gives the full batches of the epoch in order', async () => {
    const loader = batchLoader(options)
    expect(loader.batchesPerEpoch).toBe(3)
    const order = epochOrder(50, 7, 2)
    const batches = await collect(loader.train(2))
    expect(batches).toHaveLength(3)
    for (const [n, batch] of batches.entries()) {
      const indices = order.subarray(16 * n, 16 * (n + 1))
      expect(batch).toEqual(await batchOf(indices, 2))
    }
  })

  it('gives all pictures in order, without augmentation, the last batch smaller', async () => {
    const loader = batchLoader(options)
    const batches = await collect(loader.inOrder())
    expect(batches.map(({ labels }) => labels.data.length)).toEqual([16, 16, 16, 2])
    const all = Array.from({ length: 50 }, (_, n) => n)
    for (const [n, batch] of batches.entries())
      expect(batch).toEqual(await batchOf(all.slice(16 * n, 16 * (n + 1)), undefined))
  })

  it('begins at any batch', async () => {
    const loader = batchLoader(options)
    const all = await collect(loader.train(0))
    expect(await collect(loader.train(0, 2))).toEqual(all.slice(2))
    expect(await collect(loader.train(0, 3))).toEqual([])
  })

  it('fills memory again once it is released, and never before', async () => {
    const loader = batchLoader(options)
    const batches = loader.train(0)[Symbol.asyncIterator]()
    const first = (await batches.next()).value
    const second = (await batches.next()).value
    expect(second.images.data.buffer).not.toBe(first.images.data.buffer)
    loader.release(first)
    const third = (await batches.next()).value
    expect(third.images.data.buffer).toBe(first.images.data.buffer)
    const fresh = await collect(batchLoader(options).train(0))
    expect(third).toEqual(fresh[2])
  })

  it('gives a balanced epoch, from any batch, with each use of a picture augmented anew', async () => {
    // The first class has 2 pictures left, the others 5 each.
    const kept = [...options.dataset.labels.keys()].filter((n) => options.dataset.labels[n] !== 0 || n < 20)
    const dataset = subset(options.dataset, kept, 'some shapes')
    const balanced = { ...options, dataset, sampling: 'balanced' } as const
    const loader = batchLoader(balanced)
    expect(loader.batchesPerEpoch).toBe(2)
    const epochs = [await collect(loader.train(0)), await collect(loader.train(1)), await collect(loader.train(2))]
    const batches = epochs.flat()
    const counts = new Array<number>(10).fill(0)
    for (const { labels } of batches) for (const label of labels.data) counts[label]++
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    // 9 or 10 uses of 2 pictures, and no two alike.
    const rare = batches.flatMap(({ images, labels }) =>
      [...labels.data.keys()]
        .filter((row) => labels.data[row] === 0)
        .map((row) => images.data.subarray(row * 3 * 28 * 28, (row + 1) * 3 * 28 * 28).join()),
    )
    expect(new Set(rare).size).toBe(counts[0])
    expect(await collect(loader.train(2, 1))).toEqual(epochs[2].slice(1))
  })

  it('refuses settings that cannot work, before the first batch', () => {
    expect(() => batchLoader({ ...options, batchSize: 51 })).toThrow(/50 pictures, fewer than one batch of 51/)
    expect(() => batchLoader({ ...options, batchSize: 0 })).toThrow(/batch size/)
    expect(() => batchLoader({ ...options, batchSize: 1, mix: { mixup: 1 } })).toThrow(/at least 2 pictures/)
    expect(() => batchLoader({ ...options, mix: { cutmix: -1 } })).toThrow('mix: cutmix: expected a number')
    const preprocessing = {
      ...options.preprocessing,
      augmentation: [{ kind: 'random-crop', size: 40, padding: 2 }] as const,
    }
    expect(() => batchLoader({ ...options, preprocessing })).toThrow(/does not fit/)
  })
})

async function batchOf(indices: ArrayLike<number>, epoch: number | undefined): Promise<Batch> {
  const { dataset, preprocessing, seed } = options
  const read = memoryReader(dataset.pictures, dataset.name)
  const batch = emptyBatch(preprocessing, indices.length)
  await fillBatch(batch, { read, labels: dataset.labels, preprocessing, seed }, { indices, epoch })
  return batch
}

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const collected: Batch[] = []
  for await (const batch of batches) collected.push(batch)
  return collected
}
