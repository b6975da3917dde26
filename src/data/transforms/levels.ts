/** What becomes of the values x of each channel while a picture is sampled: (x − mean) · scale. */
export interface Levels {
  readonly mean: ArrayLike<number>
  readonly scale: ArrayLike<number>
  /** What stands where there is no picture. */
  readonly outside: ArrayLike<number>
}

/** Values stay as they are; outside is 0. */
export function sameLevels(channels: number): Levels {
  const zeros = new Array<number>(channels).fill(0)
  return { mean: zeros, scale: new Array<number>(channels).fill(1), outside: zeros }
}
