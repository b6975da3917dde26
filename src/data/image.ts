/** A decoded picture: upright, sRGB. */
export interface Image {
  /** [3, height, width]. */
  readonly shape: readonly [3, number, number]
  /** Planar, (C, H, W), R, G, B, 0–255. */
  readonly data: Uint8Array
}

/** From (H, W, C), as image decoders and a browser's canvas give pixels, to (3, H, W); channels beyond three are dropped. */
export function fromInterleaved(
  pixels: Uint8Array | Uint8ClampedArray,
  height: number,
  width: number,
  channels: 3 | 4,
): Image {
  const area = height * width
  const data = new Uint8Array(3 * area)
  for (let c = 0; c < 3; c++)
    for (let i = 0, from = c; i < area; i++, from += channels) data[c * area + i] = pixels[from]
  return { shape: [3, height, width], data }
}

/** From (3, H, W) to (H, W, 3), as image encoders take pixels. */
export function toInterleaved({ shape: [, height, width], data }: Image): Uint8Array {
  const area = height * width
  const pixels = new Uint8Array(3 * area)
  for (let c = 0; c < 3; c++) for (let i = 0; i < area; i++) pixels[3 * i + c] = data[c * area + i]
  return pixels
}
