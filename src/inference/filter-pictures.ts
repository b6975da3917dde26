import { type Tensor, uint8 } from '../tensor.js'

/**
 * The filters of a first layer as pictures, as in the paper's figure 3. Each is on a scale of its own, so that weak ones
 * show too: 0 is the gray in the middle, and its largest weight of either sign white or black.
 *
 * @param weight (F, 3, K, K)
 * @returns The same shape as bytes; undefined where the filters do not see three colours.
 */
export function filterPictures(weight: Tensor | undefined): Tensor<'uint8'> | undefined {
  if (weight?.shape.length !== 4 || weight.shape[1] !== 3) return undefined
  const { data, shape } = weight
  const size = data.length / shape[0]
  const bytes = new Uint8Array(data.length)
  for (let from = 0; from < data.length; from += size) {
    let largest = 0
    for (let i = from; i < from + size; i++) largest = Math.max(largest, Math.abs(data[i]))
    const scale = largest > 0 ? 127.5 / largest : 0
    for (let i = from; i < from + size; i++) bytes[i] = Math.round(127.5 + scale * data[i])
  }
  return uint8(shape, bytes)
}
