import { closeSync, openSync, readSync } from 'node:fs'
import { AlexNetError, messageOf } from '../../errors.js'
import type { Dataset } from '../dataset.js'
import type { Image } from '../image.js'
import { type DecodedPictures, memoryReader, type OpenPictures, placeOf } from '../pictures.js'

/**
 * Opens the pictures of a data set, wherever they lie: in memory, decoded in a file, or as picture files.
 * @throws AlexNetError `missing-data` when the file of decoded pictures is not there; reading throws that, `corrupt-data`
 * or `invalid-image`.
 */
export function openPictures({ pictures, name }: Dataset): OpenPictures {
  if (pictures.kind === 'encoded') {
    const { files, side } = pictures
    const read = async (index: number) => {
      // Loaded where files are decoded: most threads that prepare batches decode none.
      const { readImage } = await import('./read-image.js')
      return readImage(files[index], { side })
    }
    return { read, close() {} }
  }
  if ('chunks' in pictures.store) return { read: memoryReader(pictures, name), close() {} }
  return openFile(pictures, pictures.store.file, name)
}

function openFile(pictures: DecodedPictures, file: string, name: string): OpenPictures {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    throw new AlexNetError(
      'missing-data',
      `the decoded pictures of ${name} cannot be read: ${messageOf(error)}`,
      'Start again: they are then decoded anew.',
      { cause: error },
    )
  }
  return {
    // Not asynchronous: most of it comes from the system's cache, and this runs in a thread of its own.
    read(index): Image {
      const { start, height, width } = placeOf(pictures, index, name)
      const data = new Uint8Array(3 * height * width)
      const bytes = readSync(descriptor, data, 0, data.length, start)
      if (bytes !== data.length)
        throw new AlexNetError('corrupt-data', `${file} has been cut off`, 'Delete it and start again.')
      return { shape: [3, height, width], data }
    },
    close: () => closeSync(descriptor),
  }
}
