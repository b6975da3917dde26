import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Image } from '../image.js'
import { readImage } from './read-image.js'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'alexnet-'))
})
afterAll(() => rm(dir, { recursive: true }))

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
