import sharp from 'sharp'
import { fromInterleaved, type Image, toInterleaved } from '../image.js'
import { centreCorner } from '../transforms/centre-crop.js'

/**
 * A picture of any size as the net was trained on: the largest square in the middle, resized to `side` pixels with a
 * filter that averages (Lanczos), since a photograph is many times larger.
 *
 * @returns (3, side, side).
 * @example const image = await fitImage(await readImage('cat.jpg'), 32)
 */
export async function fitImage(image: Image, side: number): Promise<Image> {
  const [, height, width] = image.shape
  const square = Math.min(height, width)
  if (height === side && width === side) return image
  const { data } = await sharp(toInterleaved(image), { raw: { width, height, channels: 3 } })
    .extract({ ...centreCorner(height, width, square), width: square, height: square })
    .resize(side, side)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return fromInterleaved(data, side, side, 3)
}
