import type { Planes } from './transform-kind.js'

/** Pillow's `ImageOps`, which RandAugment draws from: each channel by itself, on the scale 0–255. */

/** Keeps the highest bits of the nearest level. */
export function posterize(picture: Planes, bits: number): void {
  const mask = -(2 ** (8 - bits))
  for (const values of planes(picture)) for (let i = 0; i < values.length; i++) values[i] = (values[i] + 0.5) & mask
}

/** Turns values from the threshold on into their negative. */
export function solarize(picture: Planes, threshold: number): void {
  for (const values of planes(picture))
    for (let i = 0; i < values.length; i++) if (values[i] >= threshold) values[i] = 255 - values[i]
}

/** Stretches the values of each channel to 0 … 255. */
export function autoContrast(picture: Planes): void {
  for (const values of planes(picture)) {
    let least = values[0]
    let most = values[0]
    for (let i = 1; i < values.length; i++) {
      const value = values[i]
      if (value < least) least = value
      else if (value > most) most = value
    }
    const factor = 255 / (most - least)
    if (most > least) for (let i = 0; i < values.length; i++) values[i] = (values[i] - least) * factor
  }
}

/** Spreads the levels of each channel so that all are about as frequent. Values become the nearest level first. */
export function equalize(picture: Planes): void {
  for (const values of planes(picture)) {
    // Rounds, and cuts off what is no level.
    const levels = new Uint8ClampedArray(values)
    const frequencies = new Uint32Array(256)
    for (let i = 0; i < levels.length; i++) frequencies[levels[i]]++
    const highest = frequencies.findLast((count) => count > 0) ?? 0
    const step = Math.floor((values.length - highest) / 255)
    if (step === 0) continue
    let below = step >> 1
    const equal = frequencies.map((count) => {
      const level = Math.min(255, Math.floor(below / step))
      below += count
      return level
    })
    for (let i = 0; i < values.length; i++) values[i] = equal[levels[i]]
  }
}

function planes({ data, offset, height, width }: Planes): Float32Array[] {
  const area = height * width
  return [0, 1, 2].map((c) => data.subarray(offset + c * area, offset + (c + 1) * area))
}
