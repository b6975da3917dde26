import type { Image } from '../../data/image.js'
import { type ReadImageOptions, readImage } from '../../data/node/read-image.js'
import { type Preprocessing, preprocess } from '../../data/preprocessing.js'
import type { Engine, Precision } from '../../engines/engine.js'
import { sizeOf } from '../../tensor.js'
import type { Checkpoint } from '../checkpoint.js'
import { classifier } from '../classifier.js'
import { type LabelProbability, mostProbable } from '../most-probable.js'

export interface Prediction {
  readonly file: string
  /** The most probable classes, the first the most probable. */
  readonly top: readonly LabelProbability[]
}

/** Pictures that are classified at a time. */
const BATCH = 32

/**
 * Classifies picture files with a trained model.
 *
 * @param top How many classes to return for each picture.
 * @throws AlexNetError `missing-data` or `invalid-image`, naming the file.
 * @example await predict({ checkpoint: await readCheckpoint('runs/shapes-1'), files: ['a.png'], engine, top: 1 })
 */
export async function predict(options: {
  readonly checkpoint: Checkpoint
  readonly files: readonly string[]
  readonly engine: Engine
  readonly threads?: number
  readonly precision?: Precision
  readonly top: number
}): Promise<Prediction[]> {
  const { checkpoint, files, engine, threads, precision, top } = options
  const { model, classes, preprocessing, state } = checkpoint
  const pictureSize = sizeOf(model.inputShape)
  const net = await classifier(engine, model, { batchSize: Math.min(BATCH, files.length), threads, precision })
  const predictions: Prediction[] = []
  try {
    await net.load(state)
    for (let from = 0; from < files.length; from += BATCH) {
      const batch = files.slice(from, from + BATCH)
      const images = new Float32Array(batch.length * pictureSize)
      for (const [i, file] of batch.entries())
        prepareImage(await readFitted(file, preprocessing), preprocessing, images, i * pictureSize)
      const { probabilities } = await net.classify(images, batch.length)
      batch.forEach((file, i) => {
        const own = probabilities.subarray(i * classes.length, (i + 1) * classes.length)
        predictions.push({ file, top: mostProbable(own, classes, top) })
      })
    }
  } finally {
    await net.dispose()
  }
  return predictions
}

/**
 * The first half of a picture's way into a net, which threads beside this one do: decoded, and reduced as the
 * pictures of a training are.
 *
 * @param input The path of a picture file, or its bytes.
 * @throws AlexNetError as `readImage` does.
 */
export async function readFitted(
  input: string | Uint8Array,
  preprocessing: Preprocessing,
  options?: Omit<ReadImageOptions, 'side'>,
): Promise<Image> {
  return readImage(input, { ...options, side: preprocessing.size })
}

/** The second half: writes the picture into a batch, as the net wants it, from `offset` on. */
export function prepareImage(
  { data, shape }: Image,
  preprocessing: Preprocessing,
  target: Float32Array,
  offset: number,
): void {
  preprocess(data, shape, preprocessing, undefined, target, offset)
}
