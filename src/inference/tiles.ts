import type { Normalisation } from '../data/normalisation.js'
import { type Tensor, uint8 } from '../tensor.js'

/** Small pictures for a person to look at: the longer side has at most so many pixels. */
const MOST_SIDE = 112

/** The size of the tile of a picture of H×W: it is divided by a whole number. */
export function tileSize(height: number, width: number): { height: number; width: number; factor: number } {
  const factor = Math.ceil(Math.max(height, width) / MOST_SIDE)
  return { height: Math.floor(height / factor), width: Math.floor(width / factor), factor }
}

/**
 * A prepared picture as bytes again, reduced by averaging.
 *
 * The mean picture of a normalisation by pixel is put back as its mean colour, since the picture's place in it is not known
 * after augmentation.
 *
 * @param values (3, H, W), normalised.
 * @param target (3, h, w) of `tileSize`, from `offset` on.
 */
export function writeTile(
  values: Float32Array,
  height: number,
  width: number,
  normalisation: Normalisation,
  target: Uint8Array,
  offset: number,
): void {
  const tile = tileSize(height, width)
  const area = tile.factor * tile.factor
  for (let c = 0; c < 3; c++) {
    const { mean, deviation } = colourOf(normalisation, c)
    for (let y = 0; y < tile.height; y++)
      for (let x = 0; x < tile.width; x++) {
        let sum = 0
        for (let dy = 0; dy < tile.factor; dy++) {
          const row = (c * height + y * tile.factor + dy) * width + x * tile.factor
          for (let dx = 0; dx < tile.factor; dx++) sum += values[row + dx]
        }
        const value = Math.round((sum / area) * deviation + mean)
        target[offset + (c * tile.height + y) * tile.width + x] = Math.max(0, Math.min(255, value))
      }
  }
}

function colourOf(normalisation: Normalisation, channel: number): { mean: number; deviation: number } {
  if (normalisation.kind === 'channel')
    return { mean: normalisation.mean[channel], deviation: normalisation.deviation[channel] }
  const { mean, deviation } = normalisation
  const area = mean.length / 3
  let sum = 0
  for (let i = 0; i < area; i++) sum += mean[channel * area + i]
  return { mean: sum / area, deviation }
}

/**
 * The filters of a first layer as pictures, all on one scale: 0 is a middle gray, and the largest weight black or white.
 *
 * @param weight (F, 3, K, K)
 * @returns The same shape as bytes; undefined where the filters do not see three colours.
 */
export function filterTiles(weight: Tensor | undefined): Tensor<'uint8'> | undefined {
  if (weight?.shape.length !== 4 || weight.shape[1] !== 3) return undefined
  const { data, shape } = weight
  let largest = 0
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]))
  const scale = largest > 0 ? 127 / largest : 0
  return uint8(
    shape,
    Uint8Array.from(data, (value) => Math.round(128 + value * scale)),
  )
}
