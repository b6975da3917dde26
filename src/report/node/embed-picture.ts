import sharp from 'sharp'
import { type Image, toInterleaved } from '../../data/image.js'
import { encodePng } from '../../data/node/encode-png.js'
import type { EmbeddedPicture } from '../content.js'

/** Pixels of a thumbnail's longer side: twice what the page shows it at, for fine screens. */
const SIDE = 224

/** Below this, a picture is kept pixel by pixel: it will be enlarged. */
const SMALL = 64

/** A small copy of a picture as a data URI: WebP, some kilobytes. */
export async function thumbnail(image: Image): Promise<EmbeddedPicture> {
  const [, height, width] = image.shape
  const reduced = sharp(toInterleaved(image), { raw: { width, height, channels: 3 } }).resize(SIDE, SIDE, {
    fit: 'inside',
    withoutEnlargement: true,
  })
  const { data, info } = await reduced
    .webp(Math.max(height, width) <= SMALL ? { lossless: true } : { quality: 70 })
    .toBuffer({ resolveWithObject: true })
  return { source: uri('webp', data), width: info.width, height: info.height }
}

/** A drawing of few pixels as a data URI: PNG. */
export async function drawing(image: Image): Promise<EmbeddedPicture> {
  const [, height, width] = image.shape
  return { source: uri('png', await encodePng(image)), width, height }
}

function uri(kind: string, bytes: Buffer): string {
  return `data:image/${kind};base64,${bytes.toString('base64')}`
}
