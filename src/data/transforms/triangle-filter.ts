/** The pixels along one axis that each pixel of the result is made of, and their weights. Valid until the next call. */
export interface Taps {
  /** How many pixels each is made of. */
  readonly count: number
  /** The first of them. */
  readonly start: Int32Array
  /** `count` weights for each, whose sum is 1. */
  readonly weights: Float64Array
}

/** A table for one axis that is filled again for each picture. */
export class TriangleFilter implements Taps {
  count = 0
  start = new Int32Array(0)
  weights = new Float64Array(0)

  /**
   * Bilinear resampling along one axis: pixel i of the result lies at step · (i + ½) + origin in the source, and is the
   * mean of the source's pixels around it, weighted with a triangle. The triangle reaches one pixel to each side, or
   * |step| pixels where the picture is reduced, so that every pixel counts and nothing aliases. At the ends the weights
   * are those of the pixels that there are. These are the rules of Pillow's `Image.resize(…, BILINEAR)`, and of
   * PyTorch's `F.interpolate(mode='bilinear', align_corners=False)` where the picture is enlarged.
   *
   * @param from, to The pixels of the result that are needed.
   * @param low, high The pixels of the source that may be read; at least one.
   */
  fill(step: number, origin: number, from: number, to: number, low: number, high: number): void {
    const reach = Math.max(1, Math.abs(step))
    const reached = Math.ceil(2 * reach)
    // Four are computed faster than three.
    const count = Math.min(reached === 3 ? 4 : reached, high - low)
    if (this.start.length < to) this.start = new Int32Array(to)
    if (this.weights.length < to * count) this.weights = new Float64Array(to * count)
    this.count = count
    for (let i = from; i < to; i++) {
      const centre = step * (i + 0.5) + origin
      const start = Math.max(low, Math.min(high - count, Math.floor(centre - reach - 0.5) + 1))
      this.start[i] = start
      let sum = 0
      for (let k = 0; k < count; k++) {
        const weight = Math.max(0, 1 - Math.abs(start + k + 0.5 - centre) / reach)
        this.weights[i * count + k] = weight
        sum += weight
      }
      for (let k = 0; k < count; k++) this.weights[i * count + k] /= sum
    }
  }
}
