import type { RandomStream } from '../../random.js'
import type { Geometry } from './geometry.js'

/** One use of a picture on its way to the net. Transforms note here what becomes of it; it is sampled once, at the end. */
export interface PictureUse {
  readonly geometry: Geometry
  /** What is added to each channel, on the scale 0–255. */
  readonly shift: [number, number, number]
  /** What is done with the sampled values, in this order. */
  readonly passes: Pass[]
}

/** Changes sampled values in place. */
export type Pass = (pixels: Pixels) => void

/** A sampled and normalised picture: `channels` planes of height × width values in `data`, from `offset` on. */
export interface Pixels {
  readonly data: Float32Array
  readonly offset: number
  readonly channels: number
  readonly height: number
  readonly width: number
  /** What a value was multiplied with in each channel, after the scale 0–255. */
  readonly scale: ArrayLike<number>
}

/**
 * What a kind of transform does. All random numbers come from the stream of the picture's use, in the order of the
 * recipe's list, and within a transform in the order that its file states.
 */
export interface TransformKind<T> {
  /** Draws the transform for one use of a picture in training. */
  train(transform: T, use: PictureUse, stream: RandomStream): void
  /** The counterpart without chance, in a test; where it is left out, nothing happens. */
  test?(transform: T, use: PictureUse): void
  /**
   * The side of the square that is left of a picture whose shorter side is `side`; where it is left out, the same.
   * @throws AlexNetError `invalid-setting` when the transform does not fit such a picture.
   */
  sideAfter?(transform: T, side: number): number
}
