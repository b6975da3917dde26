import type { ClassResult } from '../runs/class-results.js'
import type { ClassifiedBatch } from './classifier.js'
import { predictedClass } from './predicted-class.js'

/**
 * Counts for each class what was recognised and what was taken for it, in memory that grows with the classes alone.
 * @example
 * const counts = new ClassCounts(model.classes)
 * const metrics = await net.evaluate(loader, signal, (classified) => counts.add(classified))
 * const { recall } = macroAverage(counts.take())
 */
export class ClassCounts {
  private counts: { label: number; pictures: number; correct: number; taken: number }[] = []

  constructor(private readonly classes: number) {
    this.take()
  }

  add({ batch, logits }: ClassifiedBatch): void {
    const { classes, counts } = this
    batch.labels.data.forEach((label, row) => {
      const predicted = predictedClass(logits.subarray(row * classes, (row + 1) * classes), label)
      counts[label].pictures++
      counts[predicted].taken++
      if (predicted === label) counts[label].correct++
    })
  }

  /** What was counted, by the label, and room for the next evaluation. */
  take(): readonly ClassResult[] {
    const { counts } = this
    this.counts = Array.from({ length: this.classes }, (_, label) => ({ label, pictures: 0, correct: 0, taken: 0 }))
    return counts
  }
}
