/** A picture to be sampled: (C, H, W). */
export interface Source {
  readonly data: Uint8Array | Float32Array
  /** A picture of the same shape that is subtracted from it first. */
  readonly mean?: Float32Array
  readonly channels: number
  readonly height: number
  readonly width: number
}
