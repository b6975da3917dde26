import type { CompileOptions, Engine } from '../engines/engine.js'
import { type Classifier, classifier } from '../inference/classifier.js'
import type { Checkpoint } from '../runs/checkpoint.js'
import { networkState } from '../runs/checkpoint.js'
import { sizeOf } from '../tensor.js'

interface Sized {
  readonly size: number
  readonly net: Classifier
  /** Milliseconds that a batch takes. */
  readonly cost: number
}

/**
 * A net compiled for several sizes of batches, since a program has one size and a picture alone must not pay for a full
 * batch. Each size holds the parameters in the layout that it likes, so there are three: 1, a quarter, all.
 */
export class SizedClassifier {
  /** Room for the largest batch: the same memory every time. */
  readonly images: Float32Array
  private readonly pictureSize: number

  private constructor(
    private readonly classes: number,
    inputShape: readonly number[],
    private readonly sizes: readonly Sized[],
  ) {
    this.pictureSize = sizeOf(inputShape)
    this.images = new Float32Array(this.batchSize * this.pictureSize)
  }

  /** Compiles, loads the parameters, and takes the time of each size. */
  static async create(
    engine: Engine,
    { model, state }: Checkpoint,
    { batchSize, ...options }: { batchSize: number } & Pick<CompileOptions, 'threads' | 'precision'>,
  ): Promise<SizedClassifier> {
    const sizes: Sized[] = []
    const parameters = networkState(model, state)
    for (const size of new Set([1, Math.ceil(batchSize / 4), batchSize])) {
      const net = await classifier(engine, model, { batchSize: size, ...options })
      await net.load(parameters)
      const images = new Float32Array(size * sizeOf(model.inputShape))
      // The first run prepares more than it computes.
      await net.classify(images, size)
      const start = performance.now()
      await net.classify(images, size)
      sizes.push({ size, net, cost: performance.now() - start })
    }
    return new SizedClassifier(model.classes, model.inputShape, sizes)
  }

  get batchSize(): number {
    return this.sizes[this.sizes.length - 1].size
  }

  /** How many of so many waiting pictures to take now: the number with the least time for each. */
  take(waiting: number): number {
    const { size } = this.cheapest(waiting)
    return Math.min(size, waiting)
  }

  /** Probabilities (N, classes) of the first `count` pictures of `images`. */
  async classify(count: number): Promise<Float32Array> {
    const { size, net } = this.sizes.find((sized) => sized.size >= count)!
    // A batch that is not full holds earlier pictures too; what they give is left out.
    const { probabilities } = await net.classify(this.images.subarray(0, size * this.pictureSize), size)
    return probabilities.subarray(0, count * this.classes)
  }

  async dispose(): Promise<void> {
    for (const { net } of this.sizes) await net.dispose()
  }

  private cheapest(waiting: number): Sized {
    const perPicture = ({ size, cost }: Sized) => cost / Math.min(size, waiting)
    return this.sizes.reduce((best, sized) => (perPicture(sized) < perPicture(best) ? sized : best))
  }
}
