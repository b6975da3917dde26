import { availableParallelism } from 'node:os'
import type { CompileOptions, Engine } from '../engines/engine.js'
import { prepareImage, readFitted } from '../inference/node/prepare-file.js'
import type { Checkpoint } from '../runs/checkpoint.js'
import { sizeOf } from '../tensor.js'
import { Batcher } from './batcher.js'
import { Gate } from './gate.js'
import { HttpProblem } from './problem.js'
import { SizedClassifier } from './sized-classifier.js'

export interface PredictorOptions extends Pick<CompileOptions, 'threads' | 'precision'> {
  readonly checkpoint: Checkpoint
  readonly engine: Engine
  /** The most pictures that are classified at a time. */
  readonly batchSize: number
  /** Milliseconds that a picture waits at most for others of its batch, while nothing is computed. */
  readonly maxDelay: number
  /** The most pictures that are taken and not answered yet. */
  readonly queue: number
  /** The most pixels of a picture. */
  readonly pixels: number
  /** Seconds after which decoding a picture is given up. */
  readonly decodeSeconds: number
}

/** What a predictor tells of its work. */
export interface PredictorObserver {
  onDecoded?(seconds: number): void
  onBatch?(pictures: number, seconds: number): void
}

/**
 * Libuv has four threads for all of sharp and files, and the calls of ONNX Runtime's binding: decoding must leave one.
 */
const MOST_DECODERS = 3

/** Longer, and a client would not believe it. */
const MOST_RETRY_SECONDS = 60

/**
 * Classifies pictures for many who ask at once: a bounded queue; decoding by sharp's threads beside the engine; batches.
 */
export class Predictor {
  observer: PredictorObserver = {}
  private places = 0
  /** Milliseconds of the engine for a picture, lately. */
  private pace = 0
  private readonly decoders = new Gate(Math.min(availableParallelism(), MOST_DECODERS))
  private readonly batcher: Batcher<Float32Array, Float32Array>
  /** Memory of prepared pictures, to be filled again. */
  private readonly spare: Float32Array[] = []

  private constructor(
    private readonly options: Omit<PredictorOptions, 'checkpoint' | 'engine'>,
    private readonly model: Pick<Checkpoint, 'preprocessing' | 'classes'>,
    private readonly pictureSize: number,
    private readonly net: SizedClassifier,
  ) {
    this.batcher = new Batcher({
      batchSize: net.batchSize,
      maxDelay: options.maxDelay,
      expected: () => this.decoders.length,
      take: (waiting) => net.take(waiting),
      run: (images) => this.classify(images),
    })
  }

  /** @throws AlexNetError What the engine throws. */
  static async create({ checkpoint, engine, ...options }: PredictorOptions): Promise<Predictor> {
    const net = await SizedClassifier.create(engine, checkpoint, options)
    const { preprocessing, classes, model } = checkpoint
    return new Predictor(options, { preprocessing, classes }, sizeOf(model.inputShape), net)
  }

  /** Pictures that are taken and not answered. */
  get length(): number {
    return this.places
  }

  /**
   * Takes places in the queue, or refuses: a request that would wait too long is better told so at once.
   * @returns What gives the places back.
   * @throws HttpProblem 429
   */
  admit(count: number): () => void {
    const { queue } = this.options
    if (this.places + count > queue) {
      const seconds = Math.min(MOST_RETRY_SECONDS, Math.max(1, Math.ceil((this.places * this.pace) / 1000)))
      throw new HttpProblem(
        429,
        'overloaded',
        `the queue is full: ${this.places} pictures of at most ${queue} wait, ${count} more do not fit`,
        `Try again in ${seconds} s.`,
        { 'retry-after': String(seconds) },
      )
    }
    this.places += count
    return () => {
      this.places -= count
    }
  }

  /**
   * Classifies one picture, for which there must be a place.
   *
   * @param bytes A picture file.
   * @param name What messages call it.
   * @returns The probability of each class.
   * @throws AlexNetError `invalid-image`, or the signal's reason.
   */
  async predict(bytes: Uint8Array, name: string | undefined, signal?: AbortSignal): Promise<Float32Array> {
    const image = await this.decode(bytes, name, signal).catch((error: unknown) => {
      // Others may have waited for this one.
      this.batcher.consider()
      throw error
    })
    try {
      return await this.batcher.submit(image, signal)
    } finally {
      this.spare.push(image)
    }
  }

  async close(): Promise<void> {
    await this.net.dispose()
  }

  private decode(bytes: Uint8Array, name: string | undefined, signal?: AbortSignal): Promise<Float32Array> {
    const { preprocessing } = this.model
    const { pixels: mostPixels, decodeSeconds: mostSeconds } = this.options
    return this.decoders.pass(async () => {
      signal?.throwIfAborted()
      const start = performance.now()
      const fitted = await readFitted(bytes, preprocessing, { name, mostPixels, mostSeconds, seekReason: false })
      const image = this.spare.pop() ?? new Float32Array(this.pictureSize)
      prepareImage(fitted, preprocessing, image, 0)
      this.observer.onDecoded?.((performance.now() - start) / 1000)
      return image
    })
  }

  private async classify(images: readonly Float32Array[]): Promise<readonly Float32Array[]> {
    const { classes } = this.model
    const start = performance.now()
    images.forEach((image, i) => {
      this.net.images.set(image, i * this.pictureSize)
    })
    const probabilities = await this.net.classify(images.length)
    const milliseconds = performance.now() - start
    this.observer.onBatch?.(images.length, milliseconds / 1000)
    const pace = milliseconds / images.length
    this.pace = this.pace === 0 ? pace : 0.8 * this.pace + 0.2 * pace
    return images.map((_, i) => probabilities.subarray(i * classes.length, (i + 1) * classes.length))
  }
}
