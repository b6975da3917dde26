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

const text = (value: string) => `U${String.fromCharCode(value.length)}${value}`
const u32 = (value: number) => String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24)
const unicode = (value: string) => `X${u32(Buffer.byteLength(value))}${Buffer.from(value).toString('latin1')}`
const shape = (count: number) => `K\x01K${String.fromCharCode(count)}M\x00\x0c\x86`

/** A batch as Python 2 pickled the official ones, whose texts are bytes; its pixels are `level`. */
function officialBatch(level: number, labels: readonly number[], rows = labels.length): string {
  const bytes = String.fromCharCode(level).repeat(rows * 3072)
  const list = labels.map((label) => `K${String.fromCharCode(label)}`).join('')
  const type = `cnumpy\ndtype\n${text('u1')}K\x00K\x01\x87R(K\x03${text('|')}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb`
  const array = `cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85${text('b')}\x87R(${shape(rows)}${type}\x89T${u32(bytes.length)}${bytes}tb`
  return `\x80\x02}(${text('batch_label')}${text('training batch')}${text('labels')}](${list}e${text('data')}${array}u.`
}

/** The same as Python 3 pickles it by protocol 2, and with NumPy 2. */
function laterBatch(level: number, labels: readonly number[]): string {
  const bytes = String.fromCharCode(level).repeat(labels.length * 3072)
  const encoded = `c_codecs\nencode\n${unicode(bytes)}${unicode('latin1')}\x86R`
  const list = labels.map((label) => `K${String.fromCharCode(label)}`).join('')
  const array = `cnumpy._core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R(${shape(labels.length)}cnumpy\ndtype\n${unicode('u1')}\x89\x88\x87R\x89${encoded}tb`
  return `\x80\x02}(C\x04data${array}${unicode('labels')}](${list}eu.`
}

/** A list of two lists, each of two lists …: as a text it would be longer than any memory. */
const lists = `]q\x000${'h\x00h\x00\x86q\x000'.repeat(60)}`

async function writePickles(folder: string, batch: typeof laterBatch): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [n, name] of cifar10FileNames.entries())
    await writeFile(join(folder, name.replace('.bin', '')), Buffer.from(batch(180 + n, [n, n + 1]), 'latin1'))
}

describe("CIFAR-10's Python version", () => {
  it.each([
    ['as it is downloaded', 'cifar-10-batches-py', '.', officialBatch],
    ['in a folder of another name', 'mine', 'mine', officialBatch],
    ['as it is written today', 'mine', 'mine', laterBatch],
  ])('is read %s', async (_, written, read, batch) => {
    await writePickles(join(dir, written), batch)
    const { train, test } = await readCifar10(join(dir, read))
    expect([...train.labels]).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5])
    expect([...test.labels]).toEqual([5, 6])
    const pictureAt = memoryReader(train.pictures, train.name)
    expect(new Set(pictureAt(3).data)).toEqual(new Set([181]))
    expect(pictureAt(9).data[0]).toBe(184)
    expect(pictureAt(9).data.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  it('dark pictures, whose bytes are a text of ASCII, are bytes all the same', async () => {
    await writePickles(join(dir, 'py'), (level, labels) => officialBatch(level - 170, labels))
    const { test } = await readCifar10(join(dir, 'py'))
    expect(memoryReader(test.pictures, test.name)(0).data[7]).toBe(15)
  })

  it.each<[string, string, RegExp]>([
    ['a label that is none', officialBatch(9, [1, 10]), /data_batch_2: picture 1 has label 10, expected 0–9/],
    ['fewer labels than pictures', officialBatch(9, [1], 2), /expected a label for each of 2 pictures, got 1/],
    ['no labels', '\x80\x02}.', /data_batch_2: expected a list of labels/],
    ['something else', 'hello', /data_batch_2: the pickle/],
    [
      'fewer bytes than its shape says, of a type by its long name',
      laterBatch(9, [1, 2]).replace(unicode('u1'), unicode('uint8')).replace(shape(2), shape(3)),
      /data_batch_2: an array of 3×3072 has 6144 bytes/,
    ],
    [
      'numbers of another type, whose name has that of bytes in it',
      laterBatch(9, [1, 2]).replace(unicode('u1'), unicode('>u16')),
      /data_batch_2: expected data of N×3072 bytes/,
    ],
    [
      'a long text that is made into bytes again and again',
      `\x80\x02${unicode('x'.repeat(10_000))}q\x000${'c_codecs\nencode\nh\x00\x85R0'.repeat(1000)}}.`,
      /data_batch_2: the pickle makes more bytes of its texts than it holds/,
    ],
    [
      'lists of lists in the place of a text',
      `\x80\x02${lists}c_codecs\nencode\nh\x00\x85R0}.`,
      /data_batch_2: the pickle has a list of 2 for the text of bytes/,
    ],
    [
      'lists of lists in the place of a name',
      `\x80\x02${lists}h\x00h\x00\x930}.`,
      /data_batch_2: the pickle names a global by a list of 2/,
    ],
  ])('with %s is refused', async (_, content, message) => {
    await writePickles(dir, officialBatch)
    await writeFile(join(dir, 'data_batch_2'), Buffer.from(content, 'latin1'))
    await expect(readCifar10(dir)).rejects.toMatchObject({
      code: 'corrupt-data',
      message: expect.stringMatching(message),
    })
  })
})

it.each<[string, readonly string[], RegExp]>([
  ['the Python version', ['train', 'test', 'meta'], /holds CIFAR-100, which is not read, expected CIFAR-10/],
  ['the binary version', ['train.bin', 'test.bin', 'fine_label_names.txt'], /holds CIFAR-100/],
  ['a folder above', ['cifar-100-python'], /holds CIFAR-100/],
])('CIFAR-100 is named: %s', async (_, names, message) => {
  for (const name of names) await writeFile(join(dir, name), 'x')
  await expect(readCifar10(dir)).rejects.toMatchObject({
    code: 'corrupt-data',
    message: expect.stringMatching(message),
  })
})

it('an archive that lies there as it came is to be unpacked', async () => {
  await writeFile(join(dir, 'cifar-10-python.tar.gz'), 'x')
  await expect(readCifar10(dir)).rejects.toMatchObject({
    code: 'missing-data',
    message: expect.stringMatching(/cifar-10-python\.tar\.gz is not unpacked/),
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
