import type { SkippedFile } from '../../data/node/pictures/picture-list.js'
import { reasonOf } from '../../data/node/read-image.js'
import { preparedShape } from '../../data/preprocessing.js'
import { type ViewCount, withViews } from '../../data/views.js'
import type { Engine, Precision } from '../../engines/engine.js'
import type { Checkpoint } from '../../runs/checkpoint.js'
import { sizeOf } from '../../tensor.js'
import { classifier } from '../classifier.js'
import { meanOfViews } from '../mean-of-views.js'
import { type LabelProbability, mostProbable } from '../most-probable.js'
import { prepareFiles } from './prepare-files.js'

export interface Prediction {
  readonly file: string
  /** The most probable classes, the first the most probable. */
  readonly top: readonly LabelProbability[]
}

/** Views that are classified at a time. */
const BATCH = 32

/**
 * Classifies picture files with a trained model.
 *
 * @param top How many classes to return for each picture.
 * @throws AlexNetError `missing-data` or `invalid-image`, naming the file, unless `onUnreadable` is given.
 * @example await predict({ checkpoint: await readCheckpoint('runs/shapes-1'), files: ['a.png'], engine, top: 1 })
 */
export async function predict(options: {
  readonly checkpoint: Checkpoint
  readonly files: readonly string[]
  readonly engine: Engine
  readonly threads?: number
  readonly precision?: Precision
  readonly top: number
  /** Views of each picture that the probabilities are averaged over. */
  readonly views?: ViewCount
  /** Told of each file that cannot be read, which is then left out. */
  readonly onUnreadable?: (file: SkippedFile) => void
}): Promise<Prediction[]> {
  const { checkpoint, files, engine, threads, precision, top, views = 1, onUnreadable } = options
  const { model, classes, state } = checkpoint
  const preprocessing = withViews(checkpoint.preprocessing, views)
  const pictureSize = sizeOf(preparedShape(preprocessing, 1))
  const batchSize = Math.min(BATCH, files.length * views)
  const net = await classifier(engine, model, { batchSize, threads, precision })
  const predictions: Prediction[] = []
  try {
    await net.load(state)
    const atATime = Math.floor(BATCH / views)
    for (let from = 0; from < files.length; from += atATime) {
      const batch = files.slice(from, from + atATime)
      const { read, images, failed } = await prepareFiles(batch, preprocessing, pictureSize)
      for (const { file, error } of failed) {
        if (!onUnreadable) throw error
        onUnreadable({ name: file, reason: reasonOf(error, file) })
      }
      if (read.length === 0) continue
      const seen = await net.classify(images, read.length * views)
      const probabilities = meanOfViews(seen.probabilities, views, classes.length)
      read.forEach((file, i) => {
        const own = probabilities.subarray(i * classes.length, (i + 1) * classes.length)
        predictions.push({ file, top: mostProbable(own, classes, top) })
      })
    }
  } finally {
    await net.dispose()
  }
  return predictions
}
