import type { BatchLoader } from '../data/batch-loader.js'
import type { CompileOptions, Engine } from '../engines/engine.js'
import { logSumExp } from '../graph/ops/softmax.js'
import type { Model } from '../models/model.js'
import { inferenceProgram } from '../programs/inference-program.js'
import type { Tensors } from '../tensor.js'
import { addSums, type MetricSums, type Metrics, metricsOf, noMetrics } from './metrics.js'

/** A model made ready to classify pictures. */
export interface Classifier {
  /** Takes over these parameters. Other tensors, such as velocities, are ignored. */
  load(parameters: Tensors): Promise<void>
  /**
   * Classifies all pictures of a loader, without augmentation. Of several views of a picture (`withViews`) the
   * probabilities are averaged.
   * @throws The signal's reason when it is aborted.
   */
  evaluate(loader: BatchLoader, signal?: AbortSignal): Promise<Metrics>
  /** Logits and probabilities, (N, classes) each, of prepared pictures (N, C, H, W); any N. */
  classify(images: Float32Array, count: number): Promise<{ logits: Float32Array; probabilities: Float32Array }>
  dispose(): Promise<void>
}

/** Compiles a model's inference program for batches of `batchSize`. */
export async function classifier(
  engine: Engine,
  model: Model,
  { batchSize, threads, precision }: { batchSize: number } & Pick<CompileOptions, 'threads' | 'precision'>,
): Promise<Classifier> {
  const program = inferenceProgram(model, batchSize)
  const executable = await engine.compile(program, { threads, precision })
  const pictureSize = model.inputShape.reduce((a, b) => a * b, 1)

  /** One batch of the compiled size; a shorter one is filled up with zeros, whose results are left out. */
  const classifyBatch = async (images: Float32Array, count: number) => {
    let full = images
    if (count < batchSize) {
      full = new Float32Array(batchSize * pictureSize)
      full.set(images)
    }
    const { logits, probabilities } = await executable.run({
      images: { dtype: 'float32', shape: [batchSize, ...model.inputShape], data: full },
    })
    const size = count * model.classes
    return {
      logits: Float32Array.from(logits.data.subarray(0, size)),
      probabilities: Float32Array.from(probabilities.data.subarray(0, size)),
    }
  }

  const classify = async (images: Float32Array, count: number) => {
    const logits = new Float32Array(count * model.classes)
    const probabilities = new Float32Array(count * model.classes)
    for (let from = 0; from < count; from += batchSize) {
      const size = Math.min(batchSize, count - from)
      const part = await classifyBatch(images.subarray(from * pictureSize, (from + size) * pictureSize), size)
      logits.set(part.logits, from * model.classes)
      probabilities.set(part.probabilities, from * model.classes)
    }
    return { logits, probabilities }
  }

  return {
    async load(parameters) {
      const own = Object.keys(program.state).map((name) => [name, parameters[name]] as const)
      await executable.writeState(Object.fromEntries(own.filter(([, tensor]) => tensor !== undefined)))
    },

    async evaluate(loader, signal) {
      let sums = noMetrics
      for await (const batch of loader.inOrder()) {
        signal?.throwIfAborted()
        const { images, labels } = batch
        const seen = await classify(images.data, images.shape[0])
        const views = images.shape[0] / labels.data.length
        // The logarithm of the mean of the softmax stands for the logits of several views.
        const logits = views === 1 ? seen.logits : meanOfViews(seen.probabilities, views, model.classes).map(Math.log)
        sums = addSums(sums, sumsOf(logits, labels.data, model.classes))
        loader.release(batch)
      }
      return metricsOf(sums)
    },

    classify,

    dispose: () => executable.dispose(),
  }
}

/** The mean over each picture's views: (N · views, classes) → (N, classes). */
export function meanOfViews(probabilities: Float32Array, views: number, classes: number): Float32Array {
  const means = new Float32Array(probabilities.length / views)
  for (let i = 0; i < means.length; i++) {
    const picture = Math.floor(i / classes)
    let sum = 0
    for (let view = 0; view < views; view++) sum += probabilities[(picture * views + view) * classes + (i % classes)]
    means[i] = sum / views
  }
  return means
}

/** Loss and counts of logits (N, classes) against labels; as the operators `softmaxCrossEntropy` and `topKCorrect`. */
function sumsOf(logits: Float32Array, labels: Int32Array, classes: number): MetricSums {
  const z = Float64Array.from(logits)
  let sums = noMetrics
  labels.forEach((label, row) => {
    const start = row * classes
    const own = z[start + label]
    let higher = 0
    for (let c = 0; c < classes; c++) if (z[start + c] > own) higher++
    sums = addSums(sums, {
      loss: logSumExp(z, start, classes) - own,
      correct1: higher < 1 && !Number.isNaN(own) ? 1 : 0,
      correct5: higher < 5 && !Number.isNaN(own) ? 1 : 0,
      images: 1,
    })
  })
  return sums
}
