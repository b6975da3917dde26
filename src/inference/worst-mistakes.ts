import { logSumExp } from '../graph/ops/softmax.js'
import type { ClassifiedBatch } from './classifier.js'
import { predictedClass } from './predicted-class.js'

/** A picture that was taken for another class. */
export interface Mistake {
  /** Its place among the pictures. */
  readonly index: number
  readonly label: number
  readonly predicted: number
  /** Of the predicted class, 0–1. */
  readonly probability: number
}

/**
 * Collects the pictures of whose wrong class a net is surest: the surest first, of equals the one that came first.
 * @example
 * const worst = new WorstMistakes(24)
 * for await (const classified of net.classifyAll(loader)) worst.add(classified)
 */
export class WorstMistakes<Shown extends object = object> {
  private kept: (Mistake & Shown)[] = []
  private seen = 0

  /** @param show What else to keep of a picture, a row of its batch: its memory will be filled again. */
  constructor(
    private readonly most: number,
    private readonly show: (batch: ClassifiedBatch['batch'], row: number) => Shown,
  ) {}

  /** Looks at one batch; batches come in the order of the pictures. */
  add({ batch, logits }: ClassifiedBatch): void {
    const labels = batch.labels.data
    const classes = logits.length / labels.length
    labels.forEach((label, row) => {
      const own = logits.subarray(row * classes, (row + 1) * classes)
      const predicted = predictedClass(own, label)
      if (predicted === label) return
      const probability = Math.exp(own[predicted] - logSumExp(Float64Array.from(own), 0, classes))
      if (!this.isWorthKeeping(probability)) return
      this.keep({ index: this.seen + row, label, predicted, probability, ...this.show(batch, row) })
    })
    this.seen += labels.length
  }

  /** What was collected, and room for the next evaluation. */
  take(): readonly (Mistake & Shown)[] {
    const { kept } = this
    this.kept = []
    this.seen = 0
    return kept
  }

  private isWorthKeeping(probability: number): boolean {
    return this.kept.length < this.most || probability > this.kept[this.kept.length - 1].probability
  }

  private keep(mistake: Mistake & Shown): void {
    const place = this.kept.findIndex(({ probability }) => probability < mistake.probability)
    this.kept.splice(place < 0 ? this.kept.length : place, 0, mistake)
    if (this.kept.length > this.most) this.kept.pop()
  }
}
