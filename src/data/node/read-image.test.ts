import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { tiff } from '../../../tests/support/tiff.js'
import type { Image } from '../image.js'
import { measureImage, readImage } from './read-image.js'
import { SharedLock } from './shared-lock.js'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'alexnet-'))
})
afterAll(() => rm(dir, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

/** 16×8, the left half (200, 100, 50), the right half (20, 40, 220): large halves, so that JPEG keeps their middles. */
function picture(): Sharp {
  const pixels = new Uint8Array(16 * 8 * 3)
  for (let i = 0; i < 16 * 8; i++) pixels.set(i % 16 < 8 ? [200, 100, 50] : [20, 40, 220], 3 * i)
  return sharp(pixels, { raw: { width: 16, height: 8, channels: 3 } })
}

async function written(name: string, content: Sharp): Promise<Image> {
  await content.toFile(join(dir, name))
  return readImage(join(dir, name))
}

function pixel({ shape: [, height, width], data }: Image, y: number, x: number): number[] {
  return [0, 1, 2].map((c) => data[(c * height + y) * width + x])
}

function expectNear(found: number[], expected: number[], tolerance: number): void {
  for (const [c, value] of expected.entries()) expect(Math.abs(found[c] - value)).toBeLessThanOrEqual(tolerance)
}

describe('readImage', () => {
  it.each<[string, Sharp, number]>([
    ['rgb.png', picture().png(), 0],
    ['palette.png', picture().png({ palette: true }), 1],
    ['16-bit.png', picture().toColourspace('rgb16').png(), 0],
    ['lossless.webp', picture().webp({ lossless: true }), 0],
    ['rgb.jpg', picture().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }), 3],
  ])('%s', async (name, content, tolerance) => {
    const image = await written(name, content)
    expect(image.shape).toEqual([3, 8, 16])
    expect(image.data).toHaveLength(3 * 8 * 16)
    expectNear(pixel(image, 2, 2), [200, 100, 50], tolerance)
    expectNear(pixel(image, 5, 13), [20, 40, 220], tolerance)
  })

  it('CMYK, roughly: its colours are fewer', async () => {
    const image = await written('cmyk.jpg', picture().toColourspace('cmyk').jpeg({ quality: 100 }))
    expect(image.shape).toEqual([3, 8, 16])
    expectNear(pixel(image, 2, 2), [200, 100, 50], 40)
  })

  it.each<[string, Sharp]>([
    ['gray.png', picture().grayscale().png()],
    ['gray16.png', picture().toColourspace('grey16').png()],
    ['gray.jpg', picture().grayscale().jpeg()],
  ])('%s has three equal channels', async (name, content) => {
    const image = await written(name, content)
    expect(image.shape).toEqual([3, 8, 16])
    const [r, g, b] = pixel(image, 2, 2)
    expect([g, b]).toEqual([r, r])
    expect(r).toBeGreaterThan(pixel(image, 2, 13)[0])
  })

  it('lays what is transparent on white', async () => {
    expectNear(pixel(await written('half.png', picture().ensureAlpha(0.5).png()), 2, 2), [228, 178, 153], 2)
    const clear = await written('clear-gray.png', picture().grayscale().ensureAlpha(0).png())
    expect(pixel(clear, 2, 2)).toEqual([255, 255, 255])
  })

  it('turns as the camera was held', async () => {
    // 6: the camera was turned, what is stored as left belongs on top.
    const image = await written('turned.jpg', picture().withMetadata({ orientation: 6 }).jpeg({ quality: 100 }))
    expect(image.shape).toEqual([3, 16, 8])
    expectNear(pixel(image, 2, 4), [200, 100, 50], 6)
    expectNear(pixel(image, 13, 4), [20, 40, 220], 6)
  })

  it('tells a missing file from one that is no picture', async () => {
    await expect(readImage(join(dir, 'none.png'))).rejects.toMatchObject({
      code: 'missing-data',
      message: expect.stringContaining('none.png'),
    })
    await expect(readImage(dir)).rejects.toMatchObject({ code: 'invalid-image' })
  })

  it.each([
    ['text.jpg', async () => Buffer.from('hello')],
    ['empty.png', async () => Buffer.alloc(0)],
    ['cut.jpg', async () => cut(await noise().jpeg().toBuffer())],
    ['cut.png', async () => cut(await noise().png().toBuffer())],
    ['cut.webp', async () => cut(await noise().webp().toBuffer())],
  ])('%s: one line with the file’s name', async (name, content) => {
    await writeFile(join(dir, name), await content())
    const error = await readImage(join(dir, name)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'invalid-image', message: expect.stringContaining(name) })
    expect((error as Error).message).not.toContain('\n')
  })

  it('refuses a bomb', async () => {
    // A small file whose header (width at byte 16, height at 20, its checksum at 29) speaks of 120 megapixels.
    const png = await picture().png().toBuffer()
    png.writeUInt32BE(20_000, 16)
    png.writeUInt32BE(6000, 20)
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
    await writeFile(join(dir, 'bomb.png'), png)
    await expect(readImage(join(dir, 'bomb.png'))).rejects.toMatchObject({
      code: 'invalid-image',
      message: expect.stringContaining('pixel limit'),
    })
  })
})

describe('TIFFs of other numbers', () => {
  const ramp = Float32Array.from({ length: 8 }, (_, i) => i / 7)
  const levels = [...ramp].map((value) => Math.round(255 * value))
  const read = async (values: Float32Array | Uint16Array | Uint32Array) => {
    const image = await readImage(tiff(8, values.length / 8, values))
    return [...image.data]
  }

  it('0 to 1 in real numbers becomes 0 to 255, gray as in colour', async () => {
    expect(await read(ramp)).toEqual([...levels, ...levels, ...levels])
    const colours = Float32Array.from({ length: 24 }, (_, i) => ramp[Math.floor(i / 3)] * (1 - (i % 3) / 4))
    const image = await readImage(tiff(8, 1, colours))
    expectNear([...image.data.subarray(0, 8)], levels, 0)
    const weaker = levels.map((level) => 0.75 * level)
    expectNear([...image.data.subarray(8, 16)], weaker, 1)
  })

  it('0 to 255 stays as it is, and whole 16 bits become 8', async () => {
    expect((await read(ramp.map((value) => Math.round(255 * value)))).slice(0, 8)).toEqual(levels)
    expect((await read(Uint32Array.from(levels))).slice(0, 8)).toEqual(levels)
    const whole = Uint16Array.from(ramp, (value) => 65535 * value)
    expectNear((await read(whole)).slice(0, 8), levels, 1)
  })

  it('reduces them like others', async () => {
    const image = await readImage(tiff(80, 40, new Float32Array(3200).fill(0.5)), { side: 10 })
    expect(image.shape).toEqual([3, 10, 20])
    expect(new Set(image.data)).toEqual(new Set([128]))
  })

  it.each<[Float32Array | Uint32Array, string]>([
    [ramp.map((value) => 1000 * value), 'its values go from 0 to 1000, expected 0 to 1, or 0 to 255'],
    [ramp.map((value) => value - 0.25), 'its values go from -0.25 to 0.75'],
    [ramp.map(() => Number.NaN), 'it has values that are no numbers'],
    [Uint32Array.from(ramp, (value) => value * 4e9), 'its values go from 0 to 4000000000'],
  ])('refuses values beyond', async (values, message) => {
    await expect(readImage(tiff(8, 1, values), { name: 'a.tif' })).rejects.toMatchObject({
      code: 'invalid-image',
      message: expect.stringContaining(`a.tif: not a picture that can be read: ${message}`),
    })
  })
})

describe('BMP', () => {
  /** Top-down, 24 bits: sharp writes none. */
  function bitmap(width: number, height: number): Buffer {
    const bytes = Buffer.alloc(54 + width * height * 3, 200)
    bytes.write('BM')
    bytes.fill(0, 2, 54)
    bytes.writeUInt32LE(54, 10)
    bytes.writeUInt32LE(40, 14)
    bytes.writeInt32LE(width, 18)
    bytes.writeInt32LE(-height, 22)
    bytes.writeUInt16LE(24, 28)
    return bytes
  }

  it('is read and reduced, as a file and as bytes', async () => {
    await writeFile(join(dir, 'a.bmp'), bitmap(40, 20))
    expect(await measureImage(join(dir, 'a.bmp'))).toEqual({ width: 40, height: 20 })
    const image = await readImage(join(dir, 'a.bmp'), { side: 10 })
    expect(image.shape).toEqual([3, 10, 20])
    expect(new Set(image.data)).toEqual(new Set([200]))
    expect((await readImage(bitmap(40, 20))).shape).toEqual([3, 20, 40])
  })

  it('says what is wrong with it', async () => {
    const reason = (bytes: Uint8Array, mostPixels?: number) =>
      readImage(bytes, { name: 'a.bmp', mostPixels }).then(String, (error: Error) => error.message)
    expect(await reason(bitmap(40, 20).subarray(0, 999))).toBe(
      'a.bmp: not a picture that can be read: the bitmap is cut off: expected 2400 bytes of pixels, got 945',
    )
    expect(await reason(bitmap(40, 20), 700)).toMatch(/pixel limit/)
  })
})

describe('a large BMP', () => {
  /** 8 megapixels of one bit, of OS/2: a megabyte. */
  const large = Buffer.alloc(32 + 500 * 2000)
  large.write('BM')
  large.writeUInt32LE(32, 10)
  large.writeUInt32LE(12, 14)
  large.writeUInt16LE(4000, 18)
  large.writeUInt16LE(2000, 20)
  large.writeUInt16LE(1, 24)

  it('lets others have their turn', async () => {
    let turns = 0
    let isOver = false
    const count = () => {
      turns++
      if (!isOver) setImmediate(count)
    }
    count()
    // It looks at the time after each million of pixels.
    const looks = vi.spyOn(performance, 'now').mockImplementation(() => turns)
    expect((await readImage(large, { side: 10, mostSeconds: 3600 })).shape).toEqual([3, 10, 20])
    isOver = true
    const seen = looks.mock.results.map(({ value }) => value)
    expect(new Set(seen).size).toBeGreaterThan(7)
  })

  it('is given up when the time is over', async () => {
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 300))
    await expect(readImage(large, { name: 'a.bmp', mostSeconds: 1 })).rejects.toThrow(
      'a.bmp: not a picture that can be read: it took longer than 1 s',
    )
    expect(now).toBeLessThan(300 * 6)
  })
})

/** The beginning of a file in the ISO base media format, of which HEIC and AVIF are kinds. */
function mediaFile(major: string, ...compatible: string[]): Buffer {
  const brands = Buffer.from(`${major}\0\0\0\0${compatible.join('')}`, 'latin1')
  const box = Buffer.alloc(8)
  box.writeUInt32BE(8 + brands.length)
  box.write('ftyp', 4)
  return Buffer.concat([box, brands, Buffer.alloc(64, 1)])
}

describe('formats that are not read are named', () => {
  it.each<[string, Buffer, string]>([
    ['photo.jpg', mediaFile('heic', 'mif1', 'heic'), 'HEIC, which is not read; export as JPEG'],
    ['photo.heic', mediaFile('heix', 'mif1'), 'HEIC, which is not read; export as JPEG'],
    ['live.jpg', mediaFile('hevc', 'msf1'), 'HEIC, which is not read; export as JPEG'],
    ['mif1.jpg', mediaFile('mif1', 'mif1', 'heic', 'hevc'), 'HEIC, which is not read; export as JPEG'],
    ['a.mov', mediaFile('qt  '), 'a video (MP4 or QuickTime), which is not read; export its frames as JPEG'],
    ['a.jxl', Buffer.from('\0\0\0\x0cJXL \r\n\x87\n', 'latin1'), 'JPEG XL, which is not read; export as JPEG'],
    ['a.psd', Buffer.from('8BPS\0\x01'), "Photoshop's format, which is not read; export as JPEG"],
    [
      'gone.jpg',
      Buffer.from('\n<!DOCTYPE html><p>404'),
      'a web page (HTML), which is not read; download the picture itself',
    ],
    ['empty.jpg', Buffer.alloc(0), 'not a picture that can be read: it is empty'],
  ])('%s', async (name, bytes, message) => {
    await writeFile(join(dir, name), bytes)
    const file = join(dir, name)
    await expect(readImage(file)).rejects.toMatchObject({ code: 'invalid-image', message: `${file}: ${message}` })
    await expect(readImage(bytes, { name })).rejects.toMatchObject({ message: `${name}: ${message}` })
  })

  it('AVIF is no HEIC, though a container of its kind holds it', async () => {
    const error = await readImage(mediaFile('mif1', 'avif', 'mif1')).catch((thrown: Error) => thrown)
    expect((error as Error).message).not.toContain('HEIC')
  })
})

it('each of many bad pictures that are read at a time has its own reason', async () => {
  const bad: readonly (readonly [RegExp, () => Promise<Buffer>])[] = [
    [/JPEG/, async () => cut(await noise().jpeg().toBuffer())],
    [/png/, async () => cut(await noise().png().toBuffer())],
    [/webp/i, async () => cut(await noise().webp().toBuffer())],
    [/unsupported image format/, async () => Buffer.from('no picture at all')],
    [/gif/i, async () => cut(await noise().gif().toBuffer())],
    [/HEIC/, async () => mediaFile('heic')],
  ]
  const made = await Promise.all(bad.map(async ([reason, make]) => ({ reason, bytes: await make() })))
  const good = await noise().png().toBuffer()
  const all = Array.from({ length: 120 }, (_, n) => made[n % made.length])
  const found = await Promise.all(
    all.flatMap(({ bytes }, n) => [
      readImage(bytes, { name: `picture ${n}` }).then(String, (error: Error) => error.message),
      ...(n % 4 === 0 ? [readImage(good).then(() => 'good')] : []),
    ]),
  )
  const messages = found.filter((message) => message !== 'good')
  expect(found.length - messages.length).toBe(30)
  for (const [n, { reason }] of all.entries()) {
    expect(messages[n]).toMatch(reason)
    expect(messages[n]).toContain(`picture ${n}: `)
  }
})

it('without seekReason nothing is decoded a second time, and the message is of this picture', async () => {
  const alone = vi.spyOn(SharedLock.prototype, 'alone')
  const png = await noise().png().toBuffer()
  const reason = (bytes: Uint8Array, mostPixels?: number) =>
    readImage(bytes, { name: 'a', mostPixels, seekReason: false }).then(String, (error: Error) => error.message)
  const found = await Promise.all([
    reason(cut(png)),
    reason(cut(await noise().jpeg().toBuffer())),
    reason(Buffer.from('no picture at all')),
    reason(png, 300),
    reason(tiff(8, 1, new Float32Array(8).fill(999))),
  ])
  const start = 'a: not a picture that can be read: '
  expect(found.map((message) => message.replace(start, ''))).toEqual([
    'it is damaged or cut off',
    'it is damaged or cut off',
    'Input buffer contains unsupported image format',
    'Input image exceeds pixel limit',
    'its values go from 999 to 999, expected 0 to 1, or 0 to 255',
  ])
  expect(alone).not.toHaveBeenCalled()
  await expect(readImage(cut(png))).rejects.toThrow(/png/)
  expect(alone).toHaveBeenCalledOnce()
})

function noise(): Sharp {
  return sharp({
    create: {
      width: 200,
      height: 200,
      channels: 3,
      background: 'gray',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
}

function cut(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length / 2)
}
