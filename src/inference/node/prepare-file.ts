import type { Image } from '../../data/image.js'
import { type ReadImageOptions, readImage } from '../../data/node/read-image.js'
import { type Preprocessing, preprocess } from '../../data/preprocessing.js'

/**
 * The first half of a picture's way into a net, which threads beside this one do: decoded, and reduced as the
 * pictures of a training are.
 *
 * @param input The path of a picture file, or its bytes.
 * @throws AlexNetError as `readImage` does.
 */
export async function readFitted(
  input: string | Uint8Array,
  preprocessing: Preprocessing,
  options?: Omit<ReadImageOptions, 'side'>,
): Promise<Image> {
  return readImage(input, { ...options, side: preprocessing.size })
}

/** The second half: writes the picture into a batch, as the net wants it, without augmentation, from `offset` on. */
export function prepareImage(
  { data, shape }: Image,
  preprocessing: Preprocessing,
  target: Float32Array,
  offset: number,
): void {
  preprocess(data, shape, preprocessing, undefined, target, offset)
}
