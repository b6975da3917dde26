import sharp, { type Sharp } from 'sharp'
import { fromInterleaved, type Image } from '../image.js'

export interface DecodeOptions {
  /** A picture whose shorter side is longer is reduced to it. */
  readonly side?: number
  readonly mostPixels: number
  readonly mostSeconds: number
}

/** Values of colours, from the top, pixel by pixel. */
export interface RawPixels {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 2 | 3 | 4
  readonly data: Uint8Array
}

/** Values of more than 16 bits: libvips cuts them off at 255, or takes them for light instead of colours. */
const WIDE = new Set(['float', 'double', 'int', 'uint'])

/** What is wrong with a picture's values, which libvips has no part in. */
export class BadValues extends Error {}

/**
 * Decodes what libvips reads: see `readImage`.
 * @throws Error What libvips says, which may be about another picture that is decoded at the same time.
 */
export async function decodePicture(input: string | Uint8Array, options: DecodeOptions): Promise<Image> {
  const { side, mostPixels, mostSeconds } = options
  const open = (limitInputPixels: number) =>
    sharp(input, { limitInputPixels, failOn: 'error' }).timeout({ seconds: mostSeconds })
  const picture = open(mostPixels)
  const { autoOrient, depth, space } = await picture.metadata()
  if (WIDE.has(depth)) return decodePixels(await wideAsBytes(open(mostPixels / 4), depth, space), options)
  return finish(picture, autoOrient, side)
}

/** The same of pixels that have been decoded already. */
export async function decodePixels(
  { data, ...raw }: RawPixels,
  { side, mostSeconds }: Pick<DecodeOptions, 'side' | 'mostSeconds'>,
): Promise<Image> {
  return finish(sharp(data, { raw, limitInputPixels: false }).timeout({ seconds: mostSeconds }), raw, side)
}

async function finish(picture: Sharp, { width, height }: Size, side: number | undefined): Promise<Image> {
  if (side !== undefined && Math.min(width, height) > side)
    picture.resize({ ...reducedSize(width, height, side), fit: 'fill', kernel: 'linear' })
  // What sharp gives is sRGB of 8 bits, whatever it reads.
  const { data, info } = await picture
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return fromInterleaved(data, info.height, info.width, info.channels as 3)
}

/** Real numbers from 0 to 1 are multiplied by 255; numbers from 0 to 255 stay as they are. */
async function wideAsBytes(picture: Sharp, depth: string, space: string): Promise<RawPixels> {
  const { data, info } = await picture
    .autoOrient()
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth: 'float' })
    .toBuffer({ resolveWithObject: true })
  const values = new Float32Array(data.buffer, data.byteOffset, data.length / 4)
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (Number.isNaN(value)) throw new BadValues('it has values that are no numbers')
    if (value < least) least = value
    if (value > most) most = value
  }
  if (least < 0 || most > 255)
    throw new BadValues(`its values go from ${rounded(least)} to ${rounded(most)}, expected 0 to 1, or 0 to 255`)
  const factor = (depth === 'float' || depth === 'double') && most <= 1 ? 255 : 1
  const { width, height, channels } = info
  return { width, height, channels, data: Uint8Array.from(values, (value) => Math.round(factor * value)) }
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)))
}

interface Size {
  readonly width: number
  readonly height: number
}

/** The size whose shorter side is `side`. */
function reducedSize(width: number, height: number, side: number): Size {
  const short = Math.min(width, height)
  return { width: Math.floor((width * side) / short), height: Math.floor((height * side) / short) }
}
