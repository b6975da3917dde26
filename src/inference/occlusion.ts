import type { Shape } from '../tensor.js'

/** How an occlusion map is taken. Lengths are in pixels of what the net sees. */
export interface OcclusionOptions {
  /** The class whose probability is watched. */
  readonly index: number
  /** The side of the square that is covered. */
  readonly patch: number
  /** How far it is moved. */
  readonly stride: number
}

/**
 * The probability of a class while one part of the picture after the other is covered: where it falls, the picture
 * carries the answer (Zeiler and Fergus, 2014, section 4.2).
 */
export interface OcclusionMap {
  readonly rows: number
  readonly columns: number
  /** (rows, columns): with the square at this place. */
  readonly probability: Float32Array
  /** With nothing covered. */
  readonly whole: number
}

/** Where the square goes: it covers the whole picture, and may reach over the border. */
export function occlusionGrid([, height, width]: Shape, { patch, stride }: OcclusionOptions) {
  const count = (length: number) => Math.max(1, Math.ceil((length - patch) / stride) + 1)
  return { rows: count(height), columns: count(width) }
}

/**
 * Copies a prepared picture (C, H, W) with a square of it set to 0, which is the mean colour, since pictures are
 * normalised.
 */
export function cover(
  picture: Float32Array,
  [channels, height, width]: Shape,
  { top, left, patch }: { readonly top: number; readonly left: number; readonly patch: number },
  target: Float32Array,
): void {
  target.set(picture)
  for (let c = 0; c < channels; c++)
    for (let y = top; y < Math.min(top + patch, height); y++) {
      const row = (c * height + y) * width
      target.fill(0, row + left, row + Math.min(left + patch, width))
    }
}
