import { mkdir, mkdtemp, readdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emptyBatch, fillBatch } from '../../batch.js'
import type { Dataset } from '../../dataset.js'
import { holdOut } from '../../split.js'
import { openPictures } from '../open-pictures.js'
import type { CacheKind } from './cache-kind.js'
import { type LoadPicturesOptions, loadPictures } from './load-pictures.js'

let dir: string
let cache: string
const before = process.env.ALEXNET_DATA_DIR
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'alexnet-pictures-'))
  cache = await mkdtemp(join(tmpdir(), 'alexnet-cache-'))
  process.env.ALEXNET_DATA_DIR = cache
})
afterEach(async () => {
  if (before === undefined) delete process.env.ALEXNET_DATA_DIR
  else process.env.ALEXNET_DATA_DIR = before
  await rm(dir, { recursive: true })
  await rm(cache, { recursive: true })
})

/** A picture of one gray: lossless, so that its level tells which it is. */
async function write(name: string, level = 0, { width = 12, height = 8 } = {}): Promise<void> {
  await mkdir(dirname(join(dir, name)), { recursive: true })
  const channel = { r: level, g: level, b: level }
  await sharp({ create: { width, height, channels: 3, background: channel } })
    .png()
    .toFile(join(dir, name))
}

const load = (path = '', options: Partial<LoadPicturesOptions> = {}) =>
  loadPictures(join(dir, path), { side: 64, ...options })

/** Class and gray level of each picture. */
async function contents(dataset: Dataset | undefined): Promise<string[]> {
  if (!dataset) return []
  const { read, close } = openPictures(dataset)
  const levels = await Promise.all(Array.from(dataset.labels, async (_, n) => (await read(n)).data[0]))
  close()
  return Array.from(dataset.labels, (label, n) => `${dataset.classes[label]}:${levels[n]}`)
}

describe('loadPictures', () => {
  it('reads a folder for each class, with folders below them', async () => {
    await write('cat/1.png', 1)
    await write('cat/indoors/2.png', 2)
    await write('dog/3.png', 3)
    await writeFile(join(dir, 'notes.txt'), 'not a picture')
    const { parts, report } = await load()
    expect(parts.validation).toBeUndefined()
    expect(await contents(parts.train)).toEqual(['cat:1', 'cat:2', 'dog:3'])
    expect(report).toMatchObject({ classes: ['cat', 'dog'], counts: { train: [2, 1] }, ignored: 1, skipped: [] })
  })

  it('counts HEIC as pictures that are left out, and names pictures of one colour', async () => {
    await write('cat/flat.png', 1)
    await write('dog/3.png', 3)
    await sharp({
      create: {
        width: 12,
        height: 8,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    })
      .png()
      .toFile(join(dir, 'dog/noise.png'))
    await writeFile(join(dir, 'dog/IMG_1.HEIC'), '\0\0\0\x10ftypheic\0\0\0\0')
    for (const cache of ['memory', 'disk', 'disk'] as const) {
      const { report } = await load('', { cache })
      expect(report.skipped).toEqual([{ name: 'dog/IMG_1.HEIC', reason: 'HEIC, which is not read; export as JPEG' }])
      expect(report.singleColour).toEqual(['cat/flat.png', 'dog/3.png'])
    }
  })

  it.each([
    ['train', 'val'],
    ['training', 'validation'],
  ])('reads %s/ and %s/ with a folder for each class', async (train, val) => {
    for (const [part, level] of [
      [train, 10],
      [val, 20],
      ['test', 30],
    ] as const) {
      await write(`${part}/n01440764/a.png`, level)
      await write(`${part}/n02102040/b.png`, level + 1)
    }
    const { parts, report } = await load()
    expect(await contents(parts.train)).toEqual(['n01440764:10', 'n02102040:11'])
    expect(await contents(parts.validation)).toEqual(['n01440764:20', 'n02102040:21'])
    expect(await contents(parts.test)).toEqual(['n01440764:30', 'n02102040:31'])
    expect(report.counts).toEqual({ train: [1, 1], validation: [1, 1], test: [1, 1] })
  })

  describe('a validation folder without class folders', () => {
    beforeEach(async () => {
      await write('train/n01/a.png', 1)
      await write('train/n02/b.png', 2)
      await write('val/v1.png', 3)
      await write('val/v2.png', 4)
    })

    it.each([
      ['val.txt', 'v2.png 0\nv1.png 1\n', ['n02:3', 'n01:4']], // Caffe's
      ['LOC_val_solution.csv', 'ImageId,PredictionString\nv1,n02 1 2 3 4\nv2,n01 5 6 7 8\n', ['n02:3', 'n01:4']], // Kaggle's
      ['imagenet_2012_validation_synset_labels.txt', 'n02\nn02\n', ['n02:3', 'n02:4']], // TensorFlow's
      ['val_annotations.txt', 'v1.png\tn01\t0\t0\t1\t1\nv2.png\tn02\t0\t0\t1\t1\n', ['n01:3', 'n02:4']], // tiny-imagenet's
    ])('takes the classes from %s', async (name, text, expected) => {
      await writeFile(join(dir, name), text)
      expect(await contents((await load()).parts.validation)).toEqual(expected)
    })

    it("takes ILSVRC's own numbers with the list that tells what they are", async () => {
      await writeFile(join(dir, 'ILSVRC2012_validation_ground_truth.txt'), '490\n361\n')
      await expect(load()).rejects.toMatchObject({
        code: 'missing-data',
        message: expect.stringContaining('map_clsloc'),
      })
      await writeFile(join(dir, 'map_clsloc.txt'), 'n01 361 otter\nn02 490 mongoose\n')
      expect(await contents((await load()).parts.validation)).toEqual(['n02:3', 'n01:4'])
    })

    it.each([
      ['nothing', undefined, 'missing-data', /no list of their classes/],
      ['a list that is too short', 'v1.png n01\n', 'corrupt-data', /names no class for v2\.png/],
      ['a class that is none', 'v1.png n01\nv2.png n09\n', 'corrupt-data', /the class 'n09'/],
      ['a number that is none', 'v1.png 0\nv2.png 2\n', 'corrupt-data', /v2\.png has class 2, expected 0–1/],
    ])('refuses %s', async (_, text, code, message) => {
      if (text !== undefined) await writeFile(join(dir, 'val.txt'), text)
      await expect(load()).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    })
  })

  describe('a list', () => {
    beforeEach(async () => {
      for (const [n, name] of ['a b.png', 'ä.png', 'c.png'].entries()) await write(name, n)
    })

    it.each([
      ['titles.csv', 'label,path\nx,a b.png\n"y, z","ä.png"\n', ['x:0', 'y, z:1']],
      ['bare.csv', 'a b.png,1\nc.png,2\n', ['1:0', '2:2']],
      ['rows.jsonl', '{"path":"a b.png","label":"x"}\n\n{"path":"c.png","label":7}\n', ['7:2', 'x:0'].reverse()],
    ])('%s', async (name, text, expected) => {
      await writeFile(join(dir, name), text)
      expect(await contents((await load(name)).parts.train)).toEqual(expected)
    })

    it('may tell the parts', async () => {
      await writeFile(join(dir, 'l.csv'), 'path,label,split\na b.png,x,train\nä.png,y,train\nc.png,y,val\n')
      const { parts } = await load('l.csv')
      expect(await contents(parts.train)).toEqual(['x:0', 'y:1'])
      expect(await contents(parts.validation)).toEqual(['y:2'])
    })

    it.each([
      [
        'l.csv',
        'path,label,split\na b.png,x,train\nc.png,y,later\n',
        /l\.csv, line 3: expected split train, val or test/,
      ],
      ['l.csv', 'a b.png\n', /l\.csv, line 1: expected path,label/],
      ['l.jsonl', '{"path":"a b.png","label":"x"}\n{"path":\n', /l\.jsonl, line 2: not JSON/],
      ['l.csv', 'a,b,c\n1,a b.png,x\n', /l\.csv: its first line is "a,b,c": which column is the path/],
      ['l.csv', 'picture of,kind\na b,x\nc,y\n', /its first line is "picture of,kind"/],
      ['l.zip', 'PK\u0003\u0004\0\0', /expected a list of pictures, got a file that is no text/],
      ['l.jsonl', '{"file":"a b.png"}\n', /l\.jsonl, line 1: expected \{"path"/],
    ])('%s is refused with the number of the line: %j', async (name, text, message) => {
      await writeFile(join(dir, name), text)
      await expect(load(name)).rejects.toMatchObject({ code: 'corrupt-data', message: expect.stringMatching(message) })
    })

    it.each([
      ['file_name,label', ','],
      ['Filename;Class', ';'],
      ['image\tcategory', '\t'],
      ['image_path|target', '|'],
      ['id,breed', ','],
      ['image,level', ','], // a class of another name, and nothing else that it could be
      ['foo,bar', ','],
      ['id,filepaths,scientific name,labels', ',', '7,a b.png,Felis,x', '8,c.png,Canis,y'],
    ])('takes the usual titles: %j', async (titles, delimiter, ...rows) => {
      const lines = rows.length > 0 ? rows : [`a b.png${delimiter}x`, `c.png${delimiter}y`]
      await writeFile(join(dir, 'l.csv'), `${[titles, ...lines].join('\r\n')}\r\n`)
      expect(await contents((await load('l.csv')).parts.train)).toEqual(['x:0', 'y:2'])
    })

    it.each([
      ['titles', 'label,image\nx,a b.png\ny,c.png\n'],
      ['none', 'x,a b.png\ny,c.png\n'],
      ['spaces', 'c.png y\nä.png x\n'],
    ])('tells the path from the class by %s', async (_, text) => {
      await writeFile(join(dir, 'l.csv'), text)
      const { classes } = (await load('l.csv')).report
      expect(classes).toEqual(['x', 'y'])
    })

    it('reads lists of all usual encodings', async () => {
      const text = 'path,label\nä.png,Kätzchen\nc.png,Köter\n'
      const utf16 = Buffer.from(text, 'utf16le')
      for (const bytes of [
        Buffer.from(text),
        Buffer.from(`\ufeff${text}`),
        Buffer.from(text, 'latin1'),
        utf16,
        Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
        Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
      ]) {
        await writeFile(join(dir, 'l.csv'), bytes)
        expect(await contents((await load('l.csv')).parts.train)).toEqual(['Kätzchen:1', 'Köter:2'])
      }
    })

    it.each([
      ['in a folder beside it', 'l.csv', '1.png,x\n2.png,y\n'],
      ['above it', 'images/lists/l.csv', '1.png,x\n2.png,y\n'],
      ['with backslashes', 'l.csv', 'images\\1.png,x\n.\\images\\2.png,y\n'],
      ['without endings', 'l.csv', 'id,breed\n1,x\n2,y\n'],
      ['where the first is missing', 'l.csv', 'none.png,x\n1.png,x\n2.png,y\n'],
    ])('finds pictures %s', async (_, list, text) => {
      await write('images/1.png', 1)
      await write('images/2.png', 2)
      await mkdir(join(dir, 'images/lists'))
      await writeFile(join(dir, list), text)
      expect(await contents((await load(list)).parts.train)).toEqual(['x:1', 'y:2'])
    })

    it('says what paths are relative to when none is found', async () => {
      await writeFile(join(dir, 'l.csv'), 'path,label\nphotos/1.png,x\nphotos/2.png,y\n')
      await expect(load('l.csv')).rejects.toMatchObject({
        code: 'missing-data',
        message: expect.stringContaining(`there is no ${join(dir, 'photos/1.png')}`),
        hint: expect.stringContaining(`relative to the list, in ${dir}`),
      })
    })

    it('lists a path that leads nowhere', async () => {
      await writeFile(join(dir, 'l.csv'), 'a b.png,x\nc.png,y\nnone.png,y\n')
      expect((await load('l.csv')).report.skipped).toMatchObject([{ name: 'none.png' }])
    })
  })

  describe('files that are no pictures', () => {
    beforeEach(async () => {
      await write('cat/good.png', 1)
      await write('dog/good.png', 2)
    })

    /** A PNG whose header declares the size; what follows it is nothing. */
    const declared = async (name: string, width: number, height: number) => {
      const bytes = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
        .png()
        .toBuffer()
      bytes.writeUInt32BE(width, 16)
      bytes.writeUInt32BE(height, 20)
      bytes.writeUInt32BE((await import('node:zlib')).crc32(bytes.subarray(12, 29)), 29)
      await writeFile(join(dir, name), bytes)
    }

    it('are left out and listed by name, with the reason', async () => {
      await writeFile(join(dir, 'cat/empty.jpg'), '')
      await writeFile(join(dir, 'cat/text.png'), 'I am no picture')
      await declared('dog/bomb.png', 60_000, 60_000)
      const noise = Buffer.from(Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * 7919) % 256))
      await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
        .jpeg()
        .toFile(join(dir, 'dog/cut.jpg'))
      await truncate(join(dir, 'dog/cut.jpg'), 1500)
      const { parts, report } = await load()
      expect(await contents(parts.train)).toEqual(['cat:1', 'dog:2'])
      expect(report.skipped.map(({ name }) => name)).toEqual([
        'cat/empty.jpg',
        'cat/text.png',
        'dog/bomb.png',
        'dog/cut.jpg',
      ])
      expect(report.skipped[2].reason).toMatch(/pixel limit/)
      for (const { reason } of report.skipped) expect(reason).not.toMatch(/\n/)
    })

    it('are left out with their class, where it has no others to learn from', async () => {
      await write('train/ant/1.png', 5)
      await write('train/cow/1.png', 6)
      await mkdir(join(dir, 'train/bee'))
      await writeFile(join(dir, 'train/bee/1.png'), 'I am no picture')
      await write('val/bee/2.png', 7)
      await write('val/cow/2.png', 8)
      const { parts, report } = await load()
      expect(await contents(parts.train)).toEqual(['ant:5', 'cow:6'])
      expect(await contents(parts.validation)).toEqual(['cow:8'])
      expect(report).toMatchObject({
        classes: ['ant', 'cow'],
        counts: { train: [1, 1], validation: [0, 1] },
        emptyClasses: [{ name: 'bee', reason: expect.stringMatching(/^none of its 1 pictures can be read \(/) }],
      })
      await rm(join(dir, 'train/ant'), { recursive: true })
      await expect(load()).rejects.toThrow("all pictures that can be read are of one class, 'cow' (bee: none of its")
    })

    it('are an error that names the first with `strict`', async () => {
      await writeFile(join(dir, 'cat/text.png'), 'I am no picture')
      await expect(load('', { strict: true })).rejects.toMatchObject({
        code: 'invalid-image',
        message: expect.stringMatching(/cat\/text\.png: /),
      })
      await rm(join(dir, 'cat/text.png'))
      await mkdir(join(dir, 'eel'))
      await expect(load('', { strict: true })).rejects.toThrow('eel: its folder is empty')
    })

    it('links out of the folder are listed, not read; those within are followed', async () => {
      const outside = await mkdtemp(join(tmpdir(), 'alexnet-outside-'))
      await writeFile(join(outside, 'secret.png'), 'secret')
      await symlink(join(outside, 'secret.png'), join(dir, 'cat/link.png'))
      await symlink(outside, join(dir, 'cat/folder'))
      await symlink(join(dir, 'cat'), join(dir, 'cat/loop'))
      await symlink(join(dir, 'nowhere'), join(dir, 'cat/dangling.png'))
      await symlink(join(dir, 'cat/good.png'), join(dir, 'dog/other.png'))
      const { parts, report } = await load()
      await rm(outside, { recursive: true })
      expect(await contents(parts.train)).toEqual(['cat:1', 'dog:2', 'dog:1'])
      expect(report.skipped.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
        'cat/dangling.png: a link that leads nowhere',
        'cat/folder: a link that leads out of the folder',
        'cat/link.png: a link that leads out of the folder',
        'cat/loop: a link to a folder that it lies in',
      ])
    })

    it('names with spaces, line breaks and other scripts are as good as any', async () => {
      for (const [n, name] of ['a b', 'a\nb', 'صورة', '画像', "o'clock; rm -rf *"].entries())
        await write(`${name}/${name}.png`, 10 + n)
      const { parts } = await load()
      expect((await contents(parts.train)).sort()).toEqual(
        ['cat:1', 'dog:2', 'a b:10', 'a\nb:11', 'صورة:12', '画像:13', "o'clock; rm -rf *:14"].sort(),
      )
    })
  })

  it('finds the same picture in train and in val by its content', async () => {
    await write('train/a/1.png', 1)
    await write('train/b/2.png', 2)
    await write('val/a/other-name.png', 1)
    await write('val/b/3.png', 3)
    expect((await load()).report.duplicates).toEqual([{ train: 'train/a/1.png', evaluated: 'val/a/other-name.png' }])
  })

  it.each<[string, string[], RegExp]>([
    ['no picture', [], /no pictures to learn from/],
    ['one class', ['a/1.png', 'a/2.png'], /all pictures are of one class, 'a'/],
    ['a class in val alone', ['train/a/1.png', 'train/b/1.png', 'val/c/1.png'], /val.* has the class 'c'/],
  ])('refuses %s', async (_, files, message) => {
    for (const file of files) await write(file)
    await expect(load()).rejects.toThrow(message)
  })

  describe('the cache', () => {
    const kinds: CacheKind[] = ['memory', 'disk', 'none']
    beforeEach(async () => {
      for (let n = 0; n < 6; n++)
        await write(`${n % 2 === 0 ? 'a' : 'b'}/${n}.png`, 40 * n, { width: 100 + n, height: 80 })
      await writeFile(join(dir, 'a/broken.png'), 'x')
    })

    it.each(kinds)('%s: the same pictures, reduced to the side, in the same batches', async (kind) => {
      const { parts, report } = await load('', { cache: kind, side: 40 })
      expect(report.cache).toBe(kind)
      expect(report.skipped).toMatchObject([{ name: 'a/broken.png' }])
      const { train, validation } = holdOut(parts.train, 2, 1)
      for (const dataset of [train, validation]) {
        const { read, close } = openPictures(dataset)
        expect((await read(0)).shape[1]).toBe(40)
        const preprocessing = {
          size: 40,
          normalisation: { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] },
          augmentation: [{ kind: 'random-crop', size: 32, padding: 0 }],
        } as const
        const batch = emptyBatch(preprocessing, dataset.labels.length)
        const indices = [...dataset.labels.keys()]
        await fillBatch(batch, { read, labels: dataset.labels, preprocessing, seed: 1 }, { indices, epoch: 0 })
        close()
        expect(Array.from(dataset.labels, (_, n) => batch.images.data[n * 3 * 32 * 32])).toEqual(
          (await contents(dataset)).map((text) => Number(text.split(':')[1])),
        )
      }
    })

    it.each(['disk', 'none'] as const)('%s: the folder is not read again until a file changes', async (kind) => {
      const reads: number[] = []
      const counting = async () => {
        let done = 0
        const { parts } = await load('', { cache: kind, onProgress: (progress) => (done = progress.done) })
        reads.push(done)
        return contents(parts.train)
      }
      const first = await counting()
      expect(await counting()).toEqual(first)
      await write('a/0.png', 200)
      await utimes(join(dir, 'a/0.png'), 1, 1)
      const changed = await counting()
      expect(reads).toEqual([7, 0, 7])
      expect(changed[0]).toBe('a:200')
      // What was kept of the old files is gone.
      expect(await readdir(join(cache, 'decoded'))).toHaveLength(1)
    })

    it('an interrupted scan leaves nothing behind, and a damaged index is made anew', async () => {
      const controller = new AbortController()
      const interrupted = load('', { cache: 'disk', signal: controller.signal, onProgress: () => controller.abort() })
      await expect(interrupted).rejects.toMatchObject({ name: 'AbortError' })
      expect(await readdir(join(cache, 'decoded'))).toEqual([])
      await load('', { cache: 'disk' })
      const [kept] = await readdir(join(cache, 'decoded'))
      await writeFile(join(cache, 'decoded', kept, 'index.json'), '{"format":')
      expect(await contents((await load('', { cache: 'disk' })).parts.train)).toHaveLength(6)
    })

    it('needs no folder to write to, unless the disk is to keep the pictures', async () => {
      const file = join(cache, 'a file')
      await writeFile(file, '')
      process.env.ALEXNET_DATA_DIR = join(file, 'data')
      for (const kind of ['memory', 'none'] as const)
        expect(await contents((await load('', { cache: kind })).parts.train)).toHaveLength(6)
      await expect(load('', { cache: 'disk' })).rejects.toMatchObject({
        code: 'not-writable',
        hint: expect.stringContaining('ALEXNET_DATA_DIR'),
      })
    })

    it('says so when decoded pictures are cut off', async () => {
      const { parts } = await load('', { cache: 'disk' })
      const [kept] = await readdir(join(cache, 'decoded'))
      await truncate(join(cache, 'decoded', kept, 'pixels.bin'), 10)
      await expect(contents(parts.train)).rejects.toMatchObject({ code: 'corrupt-data' })
    })
  })
})
