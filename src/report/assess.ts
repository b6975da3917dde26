import { type ClassifiedBatch, sumsOf } from '../inference/classifier.js'
import { predictedClass } from '../inference/predicted-class.js'
import { type Mistake, WorstMistakes } from '../inference/worst-mistakes.js'
import { addSums, type Metrics, metricsOf, noMetrics } from '../runs/metrics.js'

/** What a network makes of labelled pictures. */
export interface Assessment {
  readonly metrics: Metrics
  /** Pictures of class r taken for class c: (classes, classes), row-major. */
  readonly confusion: Uint32Array
  /** Those of which the network was surest, the surest first. */
  readonly mistakes: readonly Mistake[]
}

/**
 * Sums up what a classifier says of pictures, in one pass.
 *
 * @param batches In the order of the pictures, as `Classifier.classifyAll` gives them.
 * @param mostMistakes How many mistakes to keep.
 * @example await assess(net.classifyAll(loader), model.classes, 24)
 */
export async function assess(
  batches: AsyncIterable<ClassifiedBatch>,
  classes: number,
  mostMistakes: number,
): Promise<Assessment> {
  const confusion = new Uint32Array(classes * classes)
  const worst = new WorstMistakes(mostMistakes, () => ({}))
  let sums = noMetrics
  for await (const classified of batches) {
    const { batch, logits } = classified
    const labels = batch.labels.data
    labels.forEach((label, row) => {
      confusion[label * classes + predictedClass(logits.subarray(row * classes, (row + 1) * classes), label)]++
    })
    sums = addSums(sums, sumsOf(logits, labels, classes))
    worst.add(classified)
  }
  return { metrics: metricsOf(sums), confusion, mistakes: worst.take() }
}
