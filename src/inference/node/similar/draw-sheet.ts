import { existsSync } from 'node:fs'
import sharp from 'sharp'
import { toInterleaved } from '../../../data/image.js'
import { readImage } from '../../../data/node/read-image.js'
import { AlexNetError } from '../../../errors.js'
import { writeAtomically } from '../../../runs/node/write-atomically.js'
import type { Similar } from './find-similar.js'

/** Pixels of a picture's square, and between two. */
const SIDE = 160
const GAP = 8
/** The picture that was asked for stands apart from those that were found. */
const APART = 3 * GAP
const COLUMNS = 6

/**
 * Checks where a sheet is to be written.
 * @throws AlexNetError `usage` for another ending than .png, .jpg or .webp, `not-writable` where something is there already.
 */
export function checkSheet(out: string, force = false): void {
  sheetFormat(out)
  if (existsSync(out) && !force)
    throw new AlexNetError('not-writable', `${out} is there already`, 'Choose another --out, or give --force.')
}

/**
 * Draws a picture and those that are most like it, as the paper's figure 4 does: the picture on the left, then the nearest
 * first, in rows of six.
 *
 * @param out Its ending says how it is written: .png, .jpg or .webp.
 * @throws AlexNetError `not-writable`, or `invalid-image` for a picture that cannot be read any more.
 */
export async function drawSheet({ image, nearest }: Similar, out: string): Promise<void> {
  const columns = Math.min(COLUMNS, Math.max(1, nearest.length))
  const rows = Math.max(1, Math.ceil(nearest.length / columns))
  const left = GAP + SIDE + APART
  const squares = await Promise.all([image, ...nearest.map(({ file }) => file)].map(squareOf))
  const layers = squares.map((input, n) => ({
    input,
    left: n === 0 ? GAP : left + ((n - 1) % columns) * (SIDE + GAP),
    top: GAP + (n === 0 ? 0 : Math.floor((n - 1) / columns)) * (SIDE + GAP),
  }))
  const sheet = await sharp({
    create: {
      width: left + columns * (SIDE + GAP),
      height: GAP + rows * (SIDE + GAP),
      channels: 3,
      background: 'white',
    },
  })
    .composite(layers)
    .toFormat(sheetFormat(out))
    .toBuffer()
  await writeAtomically(out, [sheet])
}

function sheetFormat(out: string): 'png' | 'jpeg' | 'webp' {
  const ending = /\.(?:(png)|(jpe?g)|webp)$/i.exec(out)
  if (ending) return ending[1] ? 'png' : ending[2] ? 'jpeg' : 'webp'
  throw new AlexNetError(
    'usage',
    `${out}: expected a name that ends in .png, .jpg or .webp`,
    'For example --out sheet.png.',
  )
}

/** A whole picture within a square, on white; a small one is enlarged without smoothing. */
async function squareOf(file: string): Promise<Buffer> {
  const image = await readImage(file)
  const [, height, width] = image.shape
  const kernel = Math.max(height, width) < SIDE ? 'nearest' : 'lanczos3'
  return sharp(toInterleaved(image), { raw: { width, height, channels: 3 } })
    .resize(SIDE, SIDE, { fit: 'contain', background: 'white', kernel })
    .png()
    .toBuffer()
}
