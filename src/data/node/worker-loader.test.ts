import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AlexNetError } from '../../errors.js'
import type { Batch } from '../batch.js'
import { type BatchLoader, batchLoader } from '../batch-loader.js'
import { type Dataset, subset } from '../dataset.js'
import { epochOrder } from '../epoch-order.js'
import { equalPictures, memoryReader } from '../pictures.js'
import { shapes } from '../shapes.js'
import { type WorkerLoaderOptions, workerLoader } from './worker-loader.js'

const run = promisify(execFile)

/**
 * A thread of Node 20 runs JavaScript only, so the loader is compiled as it will be shipped, into a folder from which the
 * installed packages are found.
 */
const root = new URL('../../../', import.meta.url)
const compiled = new URL(`node_modules/.cache/alexnet-worker-test-${process.pid}/`, root)
const workerFile = new URL('data/node/loader-worker.js', compiled)

beforeAll(async () => {
  await mkdir(compiled, { recursive: true })
  await writeFile(new URL('package.json', compiled), '{ "type": "module" }')
  const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root))
  const settings = '--ignoreConfig --module nodenext --target es2023 --skipLibCheck --types node --rootDir src'.split(
    ' ',
  )
  const files = ['src/data/node/worker-loader.ts', 'src/data/node/loader-worker.ts', 'src/data/shapes.ts']
  await run(process.execPath, [tsc, ...settings, '--outDir', fileURLToPath(compiled), ...files], {
    cwd: fileURLToPath(root),
  })
}, 60_000)
afterAll(() => rm(compiled, { recursive: true, force: true }))

const options: Omit<WorkerLoaderOptions, 'workers'> = {
  dataset: shapes({ seed: 1, train: 100, test: 0 }).train,
  preprocessing: {
    size: 32,
    normalisation: { kind: 'channel', mean: [120, 120, 120], deviation: [60, 60, 60] },
    augmentation: [{ kind: 'random-crop', size: 28, padding: 2 }, { kind: 'mirror' }],
  },
  batchSize: 8,
  seed: 7,
}

/** The data set with a copy of its first pictures, in memory that is not shared. The labels stay 100. */
function firstPictures(count: number): Dataset {
  const { dataset } = options
  const read = memoryReader(dataset.pictures, dataset.name)
  const bytes = new Uint8Array(count * 3072)
  for (let n = 0; n < count; n++) bytes.set(read(n).data, n * 3072)
  return { ...dataset, pictures: equalPictures(32, 32, bytes) }
}

const open: BatchLoader[] = []
function loaderOf(more: Partial<WorkerLoaderOptions> = {}): BatchLoader {
  const loader = workerLoader({ ...options, workers: 2, workerFile, ...more })
  open.push(loader)
  return loader
}
afterEach(async () => {
  for (const loader of open.splice(0)) await loader.close()
})

/** All bytes of a batch, as one checksum: comparing the arrays themselves takes Vitest seconds. */
function fingerprint({ images, labels }: Batch): string {
  const hash = createHash('sha256').update(JSON.stringify([images.dtype, images.shape, labels.dtype, labels.shape]))
  return hash.update(images.data).update(labels.data).digest('hex')
}

async function collect(batches: AsyncIterable<Batch>): Promise<string[]> {
  const collected: Batch[] = []
  for await (const batch of batches) collected.push(batch)
  // Only now, so that memory filled again too early would show.
  return collected.map(fingerprint)
}

describe('workerLoader', () => {
  it.each([{ workers: 0 }, { workers: 1 }, { workers: 2, prefetch: 1 }, { workers: 3, prefetch: 20 }])(
    'gives the same bytes as the loader in process: %j',
    async (more) => {
      const expected = batchLoader(options)
      const loader = loaderOf(more)
      expect(loader.batchesPerEpoch).toBe(12)
      for (const epoch of [0, 1])
        expect(await collect(loader.train(epoch))).toEqual(await collect(expected.train(epoch)))
      expect(await collect(loader.train(2, 9))).toEqual(await collect(expected.train(2, 9)))
    },
  )

  it('mixes pictures as the loader in process does, and tells how', async () => {
    const mixing = { ...options, mix: { mixup: 0.4, cutmix: 1, probability: 0.9 } }
    const mixes: Batch['mix'][][] = [[], []]
    const noted = async function* (batches: AsyncIterable<Batch>, into: Batch['mix'][]) {
      for await (const batch of batches) {
        into.push(batch.mix)
        yield batch
      }
    }
    const loader = loaderOf(mixing)
    expect(loader.mix).toEqual(mixing.mix)
    const here = await collect(noted(batchLoader(mixing).train(0), mixes[0]))
    expect(await collect(noted(loader.train(0), mixes[1]))).toEqual(here)
    expect(mixes[1]).toEqual(mixes[0])
    expect(mixes[0].some((mix) => mix?.box)).toBe(true)
    expect(mixes[0].some((mix) => mix && !mix.box)).toBe(true)
    expect(here).not.toEqual(await collect(batchLoader(options).train(0)))
    // A batch's mix follows from its number, wherever an epoch goes on.
    expect(await collect(loader.train(0, 7))).toEqual(here.slice(7))
  })

  it('carries a mean picture and a data set that is not in shared memory', async () => {
    const dataset = firstPictures(100)
    const mean = Float32Array.from({ length: 3072 }, (_, i) => i % 255)
    const preprocessing = {
      ...options.preprocessing,
      normalisation: { kind: 'pixel', mean, shape: [3, 32, 32], deviation: 1 } as const,
    }
    expect(await collect(loaderOf({ dataset, preprocessing }).train(0))).toEqual(
      await collect(batchLoader({ ...options, preprocessing }).train(0)),
    )
  })

  it('fills released memory again, with the right bytes, and never memory that is in use', async () => {
    const expected = await collect(batchLoader(options).train(0))
    const loader = loaderOf({ prefetch: 2 })
    let number = 0
    for await (const batch of loader.train(0)) {
      // Long enough for the workers to overwrite what they should not.
      await new Promise((resolve) => setTimeout(resolve, 2))
      expect(fingerprint(batch)).toBe(expected[number++])
      loader.release(batch)
      loader.release(batch) // by mistake: must not be filled twice at once
    }
    expect(number).toBe(12)
    expect(await collect(loader.train(1))).toEqual(await collect(batchLoader(options).train(1)))
  })

  it('gives all pictures in order, as the loader in process does', async () => {
    expect(await collect(loaderOf({ workers: 2 }).inOrder())).toEqual(await collect(batchLoader(options).inOrder()))
  })

  it('gives a balanced epoch as the loader in process does', async () => {
    const balanced = {
      dataset: subset(options.dataset, [...Array(35).keys()], 'some shapes'),
      sampling: 'balanced',
    } as const
    const expected = await collect(batchLoader({ ...options, ...balanced }).train(1))
    expect(expected).not.toEqual(await collect(batchLoader({ ...options, dataset: balanced.dataset }).train(1)))
    expect(await collect(loaderOf(balanced).train(1))).toEqual(expected)
    expect(await collect(loaderOf(balanced).train(1, 2))).toEqual(expected.slice(2))
  })

  it('runs two epochs at once', async () => {
    const loader = loaderOf()
    const [first, second] = await Promise.all([collect(loader.train(0)), collect(loader.train(1))])
    expect(first).toEqual(await collect(batchLoader(options).train(0)))
    expect(second).toEqual(await collect(batchLoader(options).train(1)))
  })

  it('may be left early, and goes on with the next epoch', async () => {
    const loader = loaderOf()
    for await (const _ of loader.train(0)) break
    expect(await collect(loader.train(1))).toEqual(await collect(batchLoader(options).train(1)))
  })

  it('throws the very error of a worker, where its batch is awaited', async () => {
    // 90 of 100 pictures: a batch that needs one of the others cannot be made.
    const dataset = firstPictures(90)
    const error = await collect(loaderOf({ dataset }).train(0)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AlexNetError)
    expect(error).toMatchObject({
      code: 'corrupt-data',
      message: expect.stringMatching(/^shapes train has no picture 9\d: it has 90$/),
      stack: expect.stringContaining('pictures.js'),
    })
  })

  it('throws it only when its turn comes', async () => {
    const dataset = firstPictures(90)
    const order = epochOrder(100, options.seed, 0)
    const isGood = (number: number) => order.subarray(8 * number, 8 * number + 8).every((picture) => picture < 90)
    const last = Array.from({ length: 11 }, (_, i) => i).find((number) => isGood(number) && !isGood(number + 1))
    const batches = loaderOf({ dataset }).train(0, last)[Symbol.asyncIterator]()
    expect((await batches.next()).done).toBe(false)
    // Meanwhile the next one fails: nobody waits for it yet, and that must not count as an unhandled rejection.
    await new Promise((resolve) => setTimeout(resolve, 50))
    await expect(batches.next()).rejects.toMatchObject({ code: 'corrupt-data' })
  })

  it('says so when a worker cannot even start', async () => {
    const loader = loaderOf({ workerFile: new URL('none.js', compiled) })
    await expect(collect(loader.train(0))).rejects.toThrow(/Cannot find module.*none\.js/)
    await expect(collect(loader.train(1))).rejects.toThrow(/Cannot find module.*none\.js/)
  })

  it('ends who still waits when it is closed', async () => {
    const loader = loaderOf()
    const batches = loader.train(0)[Symbol.asyncIterator]()
    const waiting = expect(batches.next()).rejects.toThrow('the batch loader is closed')
    await loader.close()
    await waiting
    await expect(collect(loader.train(0))).rejects.toThrow('the batch loader is closed')
    await loader.close()
  })

  it.each([{ workers: -1 }, { workers: 1.5 }, { prefetch: 0 }, { batchSize: 101 }])('refuses %j', (more) => {
    expect(() => workerLoader({ ...options, workers: 1, workerFile, ...more })).toThrow(
      expect.objectContaining({ code: 'invalid-setting' }),
    )
  })

  it('compiled, finds its worker beside itself, and lets the process end even if nobody closes it', async () => {
    const at = (file: string) => JSON.stringify(new URL(file, compiled).href)
    const program = `
      import { workerLoader } from ${at('data/node/worker-loader.js')}
      import { shapes } from ${at('data/shapes.js')}
      const preprocessing = { size: 32, normalisation: { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] }, augmentation: [] }
      const dataset = shapes({ seed: 1, train: 100, test: 0 }).train
      const loader = workerLoader({ dataset, preprocessing, batchSize: 10, seed: 1, workers: 2 })
      let batches = 0
      for await (const batch of loader.train(0)) batches += batch.labels.shape[0] / 10
      for await (const batch of loader.train(1)) break
      workerLoader({ dataset, preprocessing, batchSize: 10, seed: 1, workers: 1 }) // never used
      console.log(batches)`
    const file = new URL('program.js', compiled)
    await writeFile(file, program)
    const { stdout } = await run(process.execPath, [fileURLToPath(file)], { timeout: 10_000 })
    expect(stdout.trim()).toBe('10')
  })
})
