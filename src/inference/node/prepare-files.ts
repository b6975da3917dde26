import type { Preprocessing } from '../../data/preprocessing.js'
import { AlexNetError } from '../../errors.js'
import { prepareImage, readFitted } from './prepare-file.js'

/** A picture file: its path, or its bytes under any name. */
export interface PictureSource {
  readonly file: string
  readonly bytes?: Uint8Array
}

/** Some picture files, as a net wants them. */
export interface PreparedFiles {
  /** Those that could be read, in their order. */
  readonly read: readonly string[]
  /** Their pictures, one after the other. */
  readonly images: Float32Array
  /** The others. */
  readonly failed: readonly Failed[]
}

interface Failed {
  readonly file: string
  readonly error: AlexNetError
}

interface Prepared {
  readonly file: string
  readonly image: Float32Array
}

/**
 * Reads picture files for a batch, without augmentation.
 * @param pictureSize Values of one picture, all its views included.
 */
export async function prepareFiles(
  sources: readonly PictureSource[],
  preprocessing: Preprocessing,
  pictureSize: number,
): Promise<PreparedFiles> {
  const prepared = await Promise.all(
    sources.map(async ({ file, bytes = file }): Promise<Prepared | Failed> => {
      const image = new Float32Array(pictureSize)
      try {
        prepareImage(await readFitted(bytes, preprocessing, { name: file }), preprocessing, image, 0)
        return { file, image }
      } catch (error) {
        if (!(error instanceof AlexNetError)) throw error
        return { file, error }
      }
    }),
  )
  const read = prepared.filter((one) => 'image' in one)
  const images = new Float32Array(read.length * pictureSize)
  read.forEach(({ image }, n) => {
    images.set(image, n * pictureSize)
  })
  return { read: read.map(({ file }) => file), images, failed: prepared.filter((one) => 'error' in one) }
}
