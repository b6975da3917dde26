import type * as z from 'zod'
import type { RandomStream } from '../../random.js'
import type { Colour } from './colour.js'
import type { Geometry } from './geometry.js'

/** One use of a picture on its way to the net. Transforms note here what becomes of it; it is sampled once, at the end. */
export interface PictureUse {
  readonly geometry: Geometry
  /** What is done with the sampled colours first, in this order. */
  readonly colours: Colouring[]
  /** What is added to each channel then, on the scale 0–255. */
  readonly shift: [number, number, number]
  /** What is done with the normalised values at the end, in this order. */
  readonly passes: Pass[]
}

/** Changes the colours of a sampled picture, R, G, B on the scale 0–255, in place. */
export type Colouring = (picture: Planes) => void

/** Changes normalised values in place. */
export type Pass = (pixels: Pixels) => void

/** A sampled picture: `channels` planes of height × width values in `data`, from `offset` on. */
export interface Planes {
  readonly data: Float32Array
  readonly offset: number
  readonly channels: number
  readonly height: number
  readonly width: number
}

/** A sampled and normalised picture. */
export interface Pixels extends Planes {
  /** What a value was multiplied with in each channel, after the scale 0–255. */
  readonly scale: ArrayLike<number>
}

/** What a transform of a recipe leaves to the pictures. */
export interface PictureFacts {
  /** Their shorter side, in pixels. */
  readonly side: number
  /** What `measureColour` gave of the training set, where a kind `needsColour`. */
  readonly colour?: Colour
}

/**
 * One kind of transform: everything that the project knows about it. All random numbers come from the stream of the
 * picture's use, in the order of the recipe's list, and within a transform in the order that its file states.
 */
export interface TransformKind<Schema extends z.ZodObject, Settings extends z.ZodObject> {
  /** Checks a transform with all that it needs, as a checkpoint holds it. */
  readonly schema: Schema
  /** Checks a transform as it stands in a recipe: what is left out follows from the pictures. */
  readonly settingsSchema: Settings
  /** Fills in what follows from the pictures. */
  resolve(settings: z.infer<Settings>, pictures: PictureFacts): z.infer<Schema>
  /** Whether that takes the colours of the training set. */
  readonly needsColour?: true
  /** Draws the transform for one use of a picture in training. */
  train(transform: z.infer<Schema>, use: PictureUse, stream: RandomStream): void
  /** The counterpart without chance, in a test; where it is left out, nothing happens. */
  test?(transform: z.infer<Schema>, use: PictureUse): void
  /**
   * The side of the square that is left of a picture whose shorter side is `side`; where it is left out, the same.
   * @throws AlexNetError `invalid-setting` when the transform does not fit such a picture.
   */
  sideAfter?(transform: z.infer<Schema>, side: number): number
}

/** A kind whose transforms say all by themselves. */
export function plainKind<Schema extends z.ZodObject>(
  schema: Schema,
  kind: Pick<TransformKind<Schema, Schema>, 'train' | 'test' | 'sideAfter'>,
): TransformKind<Schema, Schema> {
  return { ...kind, schema, settingsSchema: schema, resolve: (settings) => settings }
}
