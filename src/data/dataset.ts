import type { Shape } from '../tensor.js'

/** A labelled set of pictures of one size, in memory, as bytes: the form that CIFAR-10 and `shapes` come in. */
export interface Dataset {
  /** What messages call it: `cifar10 train`. */
  readonly name: string
  /** The classes' names; a label is an index into them. */
  readonly classes: readonly string[]
  /** One picture: (C, H, W), channels in the order R, G, B. */
  readonly imageShape: Shape
  /** All pictures: (N, C, H, W), 0–255. Lies in shared memory where the platform has it, so that workers read it too. */
  readonly images: Uint8Array
  /** One class index for each picture. */
  readonly labels: Uint8Array
}

/** The parts of a data set. `validation` is held out of the training part, so that nothing is chosen by the test part. */
export interface DatasetParts {
  readonly train: Dataset
  readonly validation?: Dataset
  readonly test: Dataset
}
