import { fitImage } from '../../data/node/fit-image.js'
import { readImage } from '../../data/node/read-image.js'
import { type Preprocessing, preprocess } from '../../data/preprocessing.js'

/**
 * Writes a picture file into a batch as the net wants it: its middle square, without augmentation.
 *
 * @param target The batch; the picture's values are written from `offset` on.
 * @throws AlexNetError `missing-data` or `invalid-image`, naming the file.
 */
export async function prepareFile(
  file: string,
  preprocessing: Preprocessing,
  target: Float32Array,
  offset: number,
): Promise<void> {
  const { data, shape } = await fitImage(await readImage(file), preprocessing.size)
  preprocess(data, shape, preprocessing, undefined, target, offset)
}
