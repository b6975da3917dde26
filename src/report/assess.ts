import { logSumExp } from '../graph/ops/softmax.js'
import { type ClassifiedBatch, sumsOf } from '../inference/classifier.js'
import { addSums, type Metrics, metricsOf, noMetrics } from '../runs/metrics.js'

/** A picture that was taken for another class. */
export interface Mistake {
  /** Its place among the pictures. */
  readonly index: number
  readonly label: number
  readonly predicted: number
  /** Of the predicted class, 0–1. */
  readonly probability: number
}

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
  let sums = noMetrics
  let mistakes: Mistake[] = []
  for await (const { batch, logits } of batches) {
    const labels = batch.labels.data
    labels.forEach((label, row) => {
      const own = Float64Array.from(logits.subarray(row * classes, (row + 1) * classes))
      const predicted = strongest(own, label)
      confusion[label * classes + predicted]++
      if (predicted === label) return
      const probability = Math.exp(own[predicted] - logSumExp(own, 0, classes))
      mistakes.push({ index: sums.images + row, label, predicted, probability })
    })
    sums = addSums(sums, sumsOf(logits, labels, classes))
    mistakes = mistakes.sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, mostMistakes)
  }
  return { metrics: metricsOf(sums), confusion, mistakes }
}

/** The class of the largest logit; of equals the label, as accuracy counts it. */
function strongest(logits: Float64Array, label: number): number {
  let best = label
  for (let c = 0; c < logits.length; c++) if (logits[c] > logits[best]) best = c
  return best
}
