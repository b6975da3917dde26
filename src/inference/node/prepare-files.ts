import type { Preprocessing } from '../../data/preprocessing.js'
import { AlexNetError } from '../../errors.js'
import { prepareFile } from './prepare-file.js'

/** Some picture files, as a net wants them. */
export interface PreparedFiles {
  /** Those that could be read, in their order. */
  readonly read: readonly string[]
  /** Their pictures, one after the other. */
  readonly images: Float32Array
  /** The others. */
  readonly failed: readonly { readonly file: string; readonly error: AlexNetError }[]
}

/**
 * Reads picture files for a batch, without augmentation.
 * @param pictureSize Values of one picture, all its views included.
 */
export async function prepareFiles(
  files: readonly string[],
  preprocessing: Preprocessing,
  pictureSize: number,
): Promise<PreparedFiles> {
  const failed: { readonly file: string; readonly error: AlexNetError }[] = []
  const prepared = await Promise.all(
    files.map(async (file) => {
      const image = new Float32Array(pictureSize)
      try {
        await prepareFile(file, preprocessing, image, 0)
        return [{ file, image }]
      } catch (error) {
        if (!(error instanceof AlexNetError)) throw error
        failed.push({ file, error })
        return []
      }
    }),
  )
  const read = prepared.flat()
  const images = new Float32Array(read.length * pictureSize)
  read.forEach(({ image }, n) => {
    images.set(image, n * pictureSize)
  })
  return { read: read.map(({ file }) => file), images, failed }
}
