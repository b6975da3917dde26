import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { thoroughly } from '../../tests/support/thoroughness.js'
import { bmpSize, decodeBmp, isBmp } from './bmp.js'

const u16 = (value: number) => [value & 255, (value >> 8) & 255]
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)]

interface Parts {
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly compression?: number
  readonly palette?: readonly number[]
  readonly colours?: number
  readonly masks?: readonly number[]
  /** The size of the header: with 56 bytes and more the masks lie in it. */
  readonly size?: number
  readonly rows: readonly (readonly number[])[]
}

function bmp({ width, height, bits, compression = 0, palette = [], colours = 0, masks = [], size = 40, rows }: Parts) {
  const own = [...u32(size), ...u32(width), ...u32(height), 1, 0, ...u16(bits), ...u32(compression), ...u32(0)]
  const header = [...own, ...u32(0), ...u32(0), ...u32(colours), ...u32(0), ...masks.flatMap(u32)]
  while (header.length < size) header.push(0)
  const start = 14 + header.length + palette.length
  return Uint8Array.from([0x42, 0x4d, ...u32(0), ...u32(0), ...u32(start), ...header, ...palette, ...rows.flat()])
}

/** OS/2's, with sizes of 16 bits and a palette of three bytes a colour. */
function os2(width: number, height: number, bits: number, rest: readonly number[], palette: number): Uint8Array {
  const header = [...u32(12), ...u16(width), ...u16(height), 1, 0, ...u16(bits)]
  return Uint8Array.from([0x42, 0x4d, ...u32(0), ...u32(0), ...u32(26 + palette), ...header, ...rest])
}

const decode = (bytes: Uint8Array) => decodeBmp(bytes, { mostPixels: 1000 })
const pixels = async (bytes: Uint8Array) => [...(await decode(bytes)).data]

describe('a bitmap', () => {
  // Two pixels above one another: red over blue.
  const redOverBlue = [255, 0, 0, 0, 0, 255]
  const [blue, red] = [
    [255, 0, 0],
    [0, 0, 255],
  ]
  const palette = [...red, 0, ...blue, 0]
  it.each<[string, Uint8Array]>([
    [
      '24 bits',
      bmp({
        width: 1,
        height: 2,
        bits: 24,
        rows: [
          [...blue, 0],
          [...red, 0],
        ],
      }),
    ],
    [
      '24 bits, from the top',
      bmp({
        width: 1,
        height: -2,
        bits: 24,
        rows: [
          [...red, 0],
          [...blue, 0],
        ],
      }),
    ],
    [
      '32 bits',
      bmp({
        width: 1,
        height: 2,
        bits: 32,
        rows: [
          [...blue, 77],
          [...red, 0],
        ],
      }),
    ],
    [
      '8 bits with a palette',
      bmp({
        width: 1,
        height: 2,
        bits: 8,
        palette,
        colours: 2,
        rows: [
          [1, 0, 0, 0],
          [0, 0, 0, 0],
        ],
      }),
    ],
    [
      '4 bits',
      bmp({
        width: 1,
        height: 2,
        bits: 4,
        palette,
        colours: 2,
        rows: [
          [0x10, 0, 0, 0],
          [0x00, 0, 0, 0],
        ],
      }),
    ],
    [
      '1 bit',
      bmp({
        width: 1,
        height: 2,
        bits: 1,
        palette,
        rows: [
          [0x80, 0, 0, 0],
          [0, 0, 0, 0],
        ],
      }),
    ],
    [
      '16 bits',
      bmp({
        width: 1,
        height: 2,
        bits: 16,
        rows: [
          [0x1f, 0, 0, 0],
          [0, 0x7c, 0, 0],
        ],
      }),
    ],
    [
      '16 bits with masks (5, 6, 5)',
      bmp({
        width: 1,
        height: 2,
        bits: 16,
        compression: 3,
        masks: [0xf800, 0x07e0, 0x001f],
        rows: [
          [0x1f, 0, 0, 0],
          [0, 0xf8, 0, 0],
        ],
      }),
    ],
    [
      '32 bits with masks in another order',
      bmp({
        width: 1,
        height: 2,
        bits: 32,
        compression: 3,
        masks: [0xff, 0xff00, 0xff0000],
        rows: [
          [0, 0, 255, 0],
          [255, 0, 0, 0],
        ],
      }),
    ],
    ['of OS/2, 24 bits', os2(1, 2, 24, [...blue, 0, ...red, 0], 0)],
    ['of OS/2, 1 bit', os2(1, 2, 1, [...red, ...blue, 0x80, 0, 0, 0, 0, 0, 0, 0], 6)],
  ])('of %s', async (_, bytes) => {
    expect(isBmp(bytes)).toBe(true)
    expect(bmpSize(bytes)).toEqual({ width: 1, height: 2 })
    expect((await decode(bytes)).channels).toBe(3)
    expect(await pixels(bytes)).toEqual(redOverBlue)
  })

  it('with transparency', async () => {
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000]
    const bytes = bmp({
      width: 2,
      height: 1,
      bits: 32,
      compression: 3,
      size: 108,
      masks,
      rows: [[0, 0, 255, 128, 0, 0, 0, 0]],
    })
    expect(await decode(bytes)).toMatchObject({ channels: 4, width: 2, height: 1 })
    expect(await pixels(bytes)).toEqual([255, 0, 0, 128, 0, 0, 0, 0])
  })

  it('fills rows up to four bytes', async () => {
    const row = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0]
    expect(await pixels(bmp({ width: 3, height: 1, bits: 24, rows: [row] }))).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7])
  })

  const whole = bmp({
    width: 2,
    height: 2,
    bits: 8,
    colours: 2,
    palette,
    rows: [
      [0, 1, 0, 0],
      [1, 0, 0, 0],
    ],
  })
  it.each<[string, Uint8Array, string]>([
    ['cut off', whole.subarray(0, -1), 'the bitmap is cut off: expected 8 bytes of pixels, got 7'],
    ['without its header', whole.subarray(0, 30), 'the header of the bitmap is cut off'],
    ['compressed', bmp({ width: 2, height: 1, bits: 8, compression: 1, rows: [] }), 'a compressed bitmap (kind 1)'],
    ['of 30,000×30,000', bmp({ width: 30_000, height: 30_000, bits: 24, rows: [] }), 'exceed the pixel limit'],
    ['of no height', bmp({ width: 1, height: 0, bits: 24, rows: [] }), 'a bitmap of 1×0'],
    ['of 7 bits', bmp({ width: 1, height: 1, bits: 7, rows: [[0, 0, 0, 0]] }), 'a bitmap of 7 bits a pixel'],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(decode(bytes)).rejects.toThrow(message)
  })

  it('with any bytes changed is read or refused in one line', async () => {
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = whole.slice()
        for (const [at, value] of changes) bytes[at] = value
        try {
          const { width, height, channels, data } = await decode(bytes)
          expect(data).toHaveLength(width * height * channels)
        } catch (error) {
          // What the standard library throws would be a bug.
          expect(error).not.toBeInstanceOf(RangeError)
          expect((error as Error).message).not.toContain('\n')
        }
      }),
      { numRuns: thoroughly(500, 3000) },
    )
  })
})

it('gives others their turn after each million of pixels, and ends when it is told', async () => {
  const bytes = bmp({ width: 4000, height: 800, bits: 1, palette: [0, 0, 0, 0, 255, 255, 255, 0], rows: [] })
  const whole = new Uint8Array(bytes.length + 500 * 800)
  whole.set(bytes)
  let pauses = 0
  const pause = async () => void pauses++
  const { data } = await decodeBmp(whole, { mostPixels: 1e7, pause })
  expect([data.length, pauses]).toEqual([3 * 4000 * 800, 3])
  const enough = async () => {
    throw new Error('enough')
  }
  await expect(decodeBmp(whole, { mostPixels: 1e7, pause: enough })).rejects.toThrow('enough')
})

it('only what begins as a bitmap is one', () => {
  expect(isBmp(Uint8Array.from([0x42, 0x4d]))).toBe(false)
  expect(isBmp(new TextEncoder().encode('BM is how this text begins, too'))).toBe(false)
})
