import { stat } from 'node:fs/promises'
import sharp from 'sharp'
import { AlexNetError, messageOf } from '../../errors.js'
import { fromInterleaved, type Image } from '../image.js'

/** 100 megapixels: more than any camera's photograph, and 400 MB at most, where a bomb of a file would take all memory. */
const MOST_PIXELS = 100_000_000

/** Longer than any picture of that size takes; a file made to be slow must not hold up all others. */
const MOST_SECONDS = 60

/** How a picture is read. */
export interface ReadImageOptions {
  /**
   * A picture whose shorter side is longer is reduced to it, with a bilinear (triangle) filter over all pixels, as
   * `Image.resize(…, BILINEAR)` in Pillow and torchvision's Resize do; the longer side is rounded down. A smaller one
   * stays as it is.
   */
  readonly side?: number
  /** What messages call a picture given as bytes. */
  readonly name?: string
  /** The most pixels that are decoded; default 100 million. */
  readonly mostPixels?: number
  /** Decoding is given up after so many seconds; default 60. */
  readonly mostSeconds?: number
}

/**
 * Reads a picture (PNG, JPEG, WebP, GIF, TIFF, AVIF), a file or its bytes, as upright sRGB bytes: turned as its EXIF
 * orientation says, what is transparent on white, gray and palette and CMYK and 16 bits converted.
 *
 * @returns (3, H, W), 0–255.
 * @throws AlexNetError `missing-data` when there is no such file; `invalid-image` when it is not a picture, is cut off, or
 * has too many pixels.
 * @example const image = await readImage('cat.jpg', { side: 256 })
 */
export async function readImage(input: string | Uint8Array, options: ReadImageOptions = {}): Promise<Image> {
  const {
    name = typeof input === 'string' ? input : 'the picture',
    mostPixels = MOST_PIXELS,
    mostSeconds = MOST_SECONDS,
    side,
  } = options
  if (typeof input === 'string') await expectFile(input)
  try {
    const picture = sharp(input, { limitInputPixels: mostPixels, failOn: 'error' }).timeout({ seconds: mostSeconds })
    if (side !== undefined) {
      const { width, height } = (await picture.metadata()).autoOrient
      if (Math.min(width, height) > side)
        picture.resize({ ...reducedSize(width, height, side), fit: 'fill', kernel: 'linear' })
    }
    // What sharp gives is sRGB of 8 bits, whatever it reads.
    const { data, info } = await picture
      .autoOrient()
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return fromInterleaved(data, info.height, info.width, info.channels as 3)
  } catch (error) {
    // Libraries below may add lines; the first one says what is wrong.
    const [reason] = messageOf(error).split('\n')
    throw new AlexNetError('invalid-image', `${name}: not a picture that can be read: ${reason}`, undefined, {
      cause: error,
    })
  }
}

async function expectFile(file: string): Promise<void> {
  const entry = await stat(file).catch((error: unknown) => {
    throw new AlexNetError('missing-data', `cannot read ${file}: ${messageOf(error)}`, 'Check the path.', {
      cause: error,
    })
  })
  if (!entry.isFile()) throw new AlexNetError('invalid-image', `${file}: expected a picture, got no plain file`)
}

/** The size whose shorter side is `side`. */
function reducedSize(width: number, height: number, side: number): { width: number; height: number } {
  const short = Math.min(width, height)
  return { width: Math.floor((width * side) / short), height: Math.floor((height * side) / short) }
}
