import { type Tensor, uint8 } from '../tensor.js'
import type { Image } from './image.js'
import type { Normalisation } from './normalisation.js'

/** Small pictures for a person to look at: the longer side has at most so many pixels. */
const MOST_SIDE = 112

/**
 * A prepared picture as bytes again, reduced by averaging where it is larger than a tile.
 *
 * The mean picture of a normalisation by pixel is put back as its mean colour, since the picture's place in it is not known
 * after augmentation.
 *
 * @param values (3, H, W), normalised.
 */
export function tileOf(values: Float32Array, height: number, width: number, normalisation: Normalisation): Image {
  // Divided by a whole number; what is left over at the right and at the bottom is cut off.
  const factor = Math.ceil(Math.max(height, width) / MOST_SIDE)
  const [tileHeight, tileWidth] = [Math.floor(height / factor), Math.floor(width / factor)]
  const area = factor * factor
  const data = new Uint8Array(3 * tileHeight * tileWidth)
  for (let c = 0; c < 3; c++) {
    const { mean, deviation } = colourOf(normalisation, c)
    for (let y = 0; y < tileHeight; y++)
      for (let x = 0; x < tileWidth; x++) {
        let sum = 0
        for (let dy = 0; dy < factor; dy++) {
          const row = (c * height + y * factor + dy) * width + x * factor
          for (let dx = 0; dx < factor; dx++) sum += values[row + dx]
        }
        const value = Math.round((sum / area) * deviation + mean)
        data[(c * tileHeight + y) * tileWidth + x] = Math.max(0, Math.min(255, value))
      }
  }
  return { shape: [3, tileHeight, tileWidth], data }
}

/** Tiles of one size as a tensor (N, 3, H, W); undefined where there is none. */
export function stackTiles(tiles: readonly Image[]): Tensor<'uint8'> | undefined {
  if (tiles.length === 0) return undefined
  const [{ shape, data }] = tiles
  const bytes = new Uint8Array(tiles.length * data.length)
  tiles.forEach((tile, n) => {
    bytes.set(tile.data, n * data.length)
  })
  return uint8([tiles.length, ...shape], bytes)
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
