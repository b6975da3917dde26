import { mkdir, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RECORD } from '../cifar10.js'
import { memoryReader } from '../pictures.js'
import { cifar10FileNames, cifar10Folder, readCifar10 } from './cifar10-files.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'alexnet-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** The six files with two records each; the labels of file n are n and n + 1, all its pixels are n. */
async function writeSmall(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [n, name] of cifar10FileNames.entries()) {
    const bytes = new Uint8Array(2 * RECORD).fill(n)
    bytes[RECORD] = n + 1
    await writeFile(join(folder, name), bytes)
  }
}

describe('readCifar10', () => {
  it.each([
    ['the folder itself', cifar10Folder, cifar10Folder],
    ['the folder above', cifar10Folder, '.'],
    ['a folder of another name', 'pictures', 'pictures'],
  ])('reads %s', async (_, written, read) => {
    await writeSmall(join(dir, written))
    const { train, test } = await readCifar10(join(dir, read), 2)
    expect([...train.labels]).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5])
    expect([...test.labels]).toEqual([5, 6])
    const pictureAt = memoryReader(train.pictures, train.name)
    expect(pictureAt(1).data[3071]).toBe(0)
    expect(pictureAt(2).data[0]).toBe(1)
    expect(pictureAt(9).data.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(train.name).toBe('cifar10 train')
    expect(test.name).toBe('cifar10 test')
  })

  it('says what is missing and how to get it', async () => {
    await expect(readCifar10(join(dir, 'nowhere'))).rejects.toMatchObject({
      code: 'missing-data',
      message: expect.stringContaining(join('nowhere', cifar10Folder)),
      hint: expect.stringContaining('alexnet train cifar10'),
    })
    await writeSmall(join(dir, cifar10Folder))
    await rm(join(dir, cifar10Folder, 'data_batch_3.bin'))
    await expect(readCifar10(dir, 2)).rejects.toMatchObject({
      code: 'missing-data',
      message: expect.stringContaining('data_batch_3.bin'),
    })
  })

  it('refuses files that are cut off, also between two records', async () => {
    await writeSmall(dir)
    await truncate(join(dir, 'test_batch.bin'), 2 * RECORD - 1)
    await expect(readCifar10(dir, 2)).rejects.toMatchObject({
      code: 'corrupt-data',
      message: expect.stringMatching(/test_batch.bin: expected whole records/),
    })
    await truncate(join(dir, 'test_batch.bin'), RECORD)
    await expect(readCifar10(dir, 2)).rejects.toMatchObject({
      code: 'corrupt-data',
      message: expect.stringMatching(/test_batch.bin: expected 2 records, got 1/),
    })
  })
})

const cache = join(homedir(), '.cache', 'alexnet')
const isThere = await stat(join(cache, cifar10Folder)).then(
  () => true,
  () => false,
)

describe.skipIf(!isThere)('the real CIFAR-10', () => {
  it('has 50,000 and 10,000 pictures, of each class as many', async () => {
    const { train, test } = await readCifar10(cache)
    expect(train.labels).toHaveLength(50_000)
    expect(test.labels).toHaveLength(10_000)
    for (let label = 0; label < 10; label++) {
      expect(train.labels.reduce((count, l) => count + (l === label ? 1 : 0), 0)).toBe(5000)
      expect(test.labels.reduce((count, l) => count + (l === label ? 1 : 0), 0)).toBe(1000)
    }
    // The first training picture is a frog, the first test picture a cat.
    expect(train.classes[train.labels[0]]).toBe('frog')
    expect(test.classes[test.labels[0]]).toBe('cat')
    expect([...memoryReader(train.pictures, train.name)(0).data.subarray(0, 3)]).toEqual([59, 43, 50])
  })
})
