import { open, readFile, stat } from 'node:fs/promises'
import { setImmediate as othersTurn } from 'node:timers/promises'
import sharp from 'sharp'
import { AlexNetError, messageOf } from '../../errors.js'
import { bmpSize, decodeBmp, isBmp } from '../../formats/bmp.js'
import type { Image } from '../image.js'
import { BadValues, type DecodeOptions, decodePicture, decodePixels } from './decode-picture.js'
import { SIGNATURE_BYTES, unreadFormat } from './picture-signature.js'
import { SharedLock } from './shared-lock.js'

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
  /**
   * Whether what libvips cannot decode is decoded a second time, while nothing else is, to learn the reason; default: yes.
   * Where strangers send pictures, no: one who sends damaged ones would hold up all others. The message is then a general
   * one.
   */
  readonly seekReason?: boolean
}

/**
 * libvips keeps the message of what has failed in one place for all threads: two pictures that fail at a time change or
 * lose each other's. So all decoding goes through this lock, and what has failed is decoded once more, alone, where its own
 * reason is wanted (`seekReason`).
 */
const decoding = new SharedLock()

/**
 * Reads a picture (PNG, JPEG, WebP, GIF, TIFF, AVIF, BMP), a file or its bytes, as upright sRGB bytes: turned as its EXIF
 * orientation says, what is transparent on white, gray and palette and CMYK and 16 bits converted. Of TIFFs in real
 * numbers, 0 to 1 become 0 to 255.
 *
 * @returns (3, H, W), 0–255.
 * @throws AlexNetError `missing-data` when there is no such file; `invalid-image` when it is not a picture, is cut off, or
 * has too many pixels.
 * @example const image = await readImage('cat.jpg', { side: 256 })
 */
export async function readImage(input: string | Uint8Array, options: ReadImageOptions = {}): Promise<Image> {
  const { name = typeof input === 'string' ? input : 'the picture' } = options
  const { mostPixels = MOST_PIXELS, mostSeconds = MOST_SECONDS, side, seekReason = true } = options
  if (typeof input === 'string') await expectFile(input)
  const decodeOptions = { side, mostPixels, mostSeconds }
  const deadline = performance.now() + 1000 * mostSeconds
  const expectTime = (cause?: unknown) => {
    if (performance.now() >= deadline) throw notReadable(name, `it took longer than ${mostSeconds} s`, cause)
  }
  try {
    return await decoding.shared(() => decodePicture(input, decodeOptions))
  } catch (error) {
    expectTime(error)
    return readAgain(input, { ...decodeOptions, name, seekReason, expectTime }, error)
  }
}

interface AgainOptions extends DecodeOptions {
  readonly name: string
  readonly seekReason: boolean
  /** Throws where the time is over. */
  readonly expectTime: () => void
}

/** Reads what libvips has refused: a format that it does not know, or one that is alone when it fails. */
async function readAgain(input: string | Uint8Array, options: AgainOptions, refusal: unknown): Promise<Image> {
  const { name, mostPixels, seekReason, expectTime } = options
  try {
    const head = typeof input === 'string' ? await readHead(input) : input
    if (isBmp(head)) {
      const pause = async () => {
        await othersTurn()
        expectTime()
      }
      const bytes = typeof input === 'string' ? await readFile(input) : input
      const bitmap = await decodeBmp(bytes, { mostPixels, pause })
      return await decoding.shared(() => decodePixels(bitmap, options))
    }
    const format = unreadFormat(head)
    if (format) throw new AlexNetError('invalid-image', `${name}: ${format.name}, which is not read; ${format.advice}`)
    if (head.length === 0) throw new Error('it is empty')
    if (isOwnReason(refusal)) throw refusal
    if (!seekReason) throw new Error('it is damaged or cut off', { cause: refusal })
    return await decoding.alone(() => decodePicture(input, options))
  } catch (error) {
    if (error instanceof AlexNetError) throw error
    throw notReadable(name, messageOf(error), error)
  }
}

/** What is found before libvips decodes, or after it, is said of this picture alone. */
function isOwnReason(error: unknown): boolean {
  return (
    error instanceof BadValues ||
    /^Input (file|buffer) contains unsupported image format|^Input image exceeds pixel limit/.test(messageOf(error))
  )
}

/**
 * The width and height of a picture file, of which only the beginning is read.
 * @returns undefined when it is none.
 */
export async function measureImage(
  file: string,
): Promise<{ readonly width: number; readonly height: number } | undefined> {
  try {
    return await decoding.shared(() => sharp(file).metadata())
  } catch {
    return readHead(file).then(
      (head) => (isBmp(head) ? bmpSize(head) : undefined),
      () => undefined,
    )
  }
}

/** Why a picture could not be read, for a line that begins with its name. */
export function reasonOf({ message }: AlexNetError, name: string): string {
  return [`cannot read ${name}: `, `${name}: `, `${NOT_READABLE}: `].reduce(
    (text, start) => text.replace(start, ''),
    message,
  )
}

const NOT_READABLE = 'not a picture that can be read'

function notReadable(name: string, message: string, cause: unknown): AlexNetError {
  // Libraries below may add lines; the first one says what is wrong.
  const [reason] = message.split('\n')
  return new AlexNetError('invalid-image', `${name}: ${NOT_READABLE}: ${reason}`, undefined, { cause })
}

async function readHead(file: string): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(SIGNATURE_BYTES), 0, SIGNATURE_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
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
