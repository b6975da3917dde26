import { signal } from '@preact/signals'
import { AlexNetError } from 'alexnet'

/** The picture that Try and Look inside work on. It never leaves this tab. */
export const picture = signal<ImageData | null>(null)

/** More pixels than a camera has: a mistake, or an attack on memory. */
const MOST_PIXELS = 100e6

/**
 * Decodes a picture file, upright, with its transparent parts on white.
 * @throws AlexNetError `invalid-image`
 */
export async function decodePicture(file: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new AlexNetError(
      'invalid-image',
      `${file instanceof File ? file.name : 'this'} is not a picture that this browser can read`,
      'PNG, JPEG, WebP and most others will do.',
      { cause },
    )
  })
  const { width, height } = bitmap
  if (width * height > MOST_PIXELS) {
    bitmap.close()
    throw new AlexNetError('invalid-image', `the picture has ${width}×${height} pixels, which is too many here`)
  }
  try {
    return pixelsOf(bitmap, width, height)
  } finally {
    bitmap.close()
  }
}

/** What a canvas, a video or a bitmap shows. */
export function pixelsOf(source: CanvasImageSource, width: number, height: number): ImageData {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  context.fillStyle = 'white'
  context.fillRect(0, 0, width, height)
  context.drawImage(source, 0, 0)
  return context.getImageData(0, 0, width, height)
}

/** The first picture of a drop or of the clipboard; undefined: there is none. */
export function pictureIn(data: DataTransfer | null): File | undefined {
  return [...(data?.files ?? [])].find(({ type }) => type.startsWith('image/'))
}
