import sharp from 'sharp'
import { type Image, toInterleaved } from '../image.js'

/** A picture as the bytes of a PNG file. */
export function encodePng(image: Image): Promise<Buffer> {
  const [, height, width] = image.shape
  return sharp(toInterleaved(image), { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer()
}
