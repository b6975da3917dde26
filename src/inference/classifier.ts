import type { Batch } from '../data/batch.js'
import type { BatchLoader } from '../data/batch-loader.js'
import type { CompileOptions, Engine, KernelChoices } from '../engines/engine.js'
import { logSumExp } from '../graph/ops/softmax.js'
import type { Model } from '../models/model.js'
import { inferenceProgram } from '../programs/inference-program.js'
import { addSums, type MetricSums, type Metrics, metricsOf, noMetrics } from '../runs/metrics.js'
import type { Tensors } from '../tensor.js'
import { meanOfViews } from './mean-of-views.js'
import { pictureRunner } from './picture-runner.js'
import { rankOf } from './predicted-class.js'

/** A batch and what the net says of it. */
export interface ClassifiedBatch {
  /** The prepared pictures and their labels; its memory is filled again once the next one is asked for. */
  readonly batch: Batch
  /** (N, classes). */
  readonly logits: Float32Array
}

/** A model made ready to classify pictures. */
export interface Classifier {
  /** See `Executable`. */
  readonly choices?: KernelChoices
  /** Takes over parameters (their averages, where there are any) and statistics. Other tensors are ignored. */
  load(state: Tensors): Promise<void>
  /**
   * Classifies all pictures of a loader, in order and without augmentation, batch by batch. Of several views of a
   * picture (`withViews`) the logits are the logarithms of the mean of the softmax.
   * @throws The signal's reason when it is aborted.
   * @example for await (const { batch, logits } of net.classifyAll(loader)) …
   */
  classifyAll(loader: BatchLoader, signal?: AbortSignal): AsyncIterable<ClassifiedBatch>
  /**
   * The metrics of all pictures of a loader; throws as `classifyAll` does.
   * @param onBatch Sees each batch and its logits (N, classes); neither may be kept.
   */
  evaluate(loader: BatchLoader, signal?: AbortSignal, onBatch?: (batch: ClassifiedBatch) => void): Promise<Metrics>
  /** Logits and probabilities, (N, classes) each, of prepared pictures (N, C, H, W); any N. */
  classify(images: Float32Array, count: number): Promise<{ logits: Float32Array; probabilities: Float32Array }>
  dispose(): Promise<void>
}

/** Compiles a model's inference program for batches of `batchSize`. */
export async function classifier(
  engine: Engine,
  model: Model,
  { batchSize, ...options }: { batchSize: number } & Pick<CompileOptions, 'threads' | 'precision' | 'choices'>,
): Promise<Classifier> {
  const runner = await pictureRunner(engine, inferenceProgram(model, batchSize), options)

  const classify: Classifier['classify'] = async (images, count) => {
    const { logits, probabilities } = await runner.run(images, count)
    return { logits, probabilities }
  }

  async function* classifyAll(loader: BatchLoader, signal?: AbortSignal): AsyncGenerator<ClassifiedBatch> {
    for await (const batch of loader.inOrder()) {
      signal?.throwIfAborted()
      const { images, labels } = batch
      const seen = await classify(images.data, images.shape[0])
      const views = images.shape[0] / labels.data.length
      const logits = views === 1 ? seen.logits : meanOfViews(seen.probabilities, views, model.classes).map(Math.log)
      yield { batch, logits }
      loader.release(batch)
    }
  }

  return {
    choices: runner.choices,

    load: runner.load,

    classifyAll,

    async evaluate(loader, signal, onBatch) {
      let sums = noMetrics
      for await (const classified of classifyAll(loader, signal)) {
        const { batch, logits } = classified
        sums = addSums(sums, sumsOf(logits, batch.labels.data, model.classes))
        onBatch?.(classified)
      }
      return metricsOf(sums)
    },

    classify,

    dispose: runner.dispose,
  }
}

/** Loss and counts of logits (N, classes) against labels; as the operators `softmaxCrossEntropy` and `topKCorrect`. */
export function sumsOf(logits: Float32Array, labels: Int32Array, classes: number): MetricSums {
  const z = Float64Array.from(logits)
  let sums = noMetrics
  labels.forEach((label, row) => {
    const start = row * classes
    const rank = rankOf(z.subarray(start, start + classes), label)
    sums = addSums(sums, {
      loss: logSumExp(z, start, classes) - z[start + label],
      correct1: rank < 1 ? 1 : 0,
      correct5: rank < 5 ? 1 : 0,
      images: 1,
    })
  })
  return sums
}
