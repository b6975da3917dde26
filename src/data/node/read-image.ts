import { stat } from 'node:fs/promises'
import sharp from 'sharp'
import { AlexNetError, messageOf } from '../../errors.js'
import { fromInterleaved, type Image } from '../image.js'

/** 100 megapixels: more than any camera's photograph, and 400 MB at most, where a bomb of a file would take all memory. */
const MOST_PIXELS = 100_000_000

/** How a picture is read. */
export interface ReadImageOptions {
  /** What messages call a picture given as bytes. */
  readonly name?: string
  /** The most pixels that are decoded; default 100 million. */
  readonly mostPixels?: number
  /** Decoding is given up after so many seconds; default: never. */
  readonly mostSeconds?: number
}

/**
 * Reads a picture (PNG, JPEG, WebP, GIF, TIFF, AVIF), a file or its bytes, as upright sRGB bytes: turned as its EXIF
 * orientation says, what is transparent on white, gray and palette and CMYK and 16 bits converted.
 *
 * @returns (3, H, W), 0–255.
 * @throws AlexNetError `missing-data` when there is no such file; `invalid-image` when it is not a picture, is cut off, or
 * has too many pixels.
 * @example const image = await readImage('cat.jpg')
 */
export async function readImage(input: string | Uint8Array, options: ReadImageOptions = {}): Promise<Image> {
  const {
    name = typeof input === 'string' ? input : 'the picture',
    mostPixels = MOST_PIXELS,
    mostSeconds = 0,
  } = options
  if (typeof input === 'string') await expectFile(input)
  try {
    // What sharp gives is sRGB of 8 bits, whatever it reads.
    const { data, info } = await sharp(input, { limitInputPixels: mostPixels, failOn: 'error' })
      .timeout({ seconds: mostSeconds })
      .autoOrient()
      .flatten({ background: 'white' })
      .raw()
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
