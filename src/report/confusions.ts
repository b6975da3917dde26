import type { ClassResult } from '../runs/class-results.js'

/** Pictures of one class taken for another. */
export interface ConfusedPair {
  readonly label: number
  readonly predicted: number
  readonly count: number
  /** Of all pictures of the class. */
  readonly share: number
}

/** @param confusion (classes, classes): pictures of the row's class taken for the column's. */
export function classResults(confusion: Uint32Array, classes: number): ClassResult[] {
  const taken = new Float64Array(classes)
  confusion.forEach((count, i) => {
    taken[i % classes] += count
  })
  return Array.from(taken, (all, label) => {
    const row = confusion.subarray(label * classes, (label + 1) * classes)
    return { label, pictures: row.reduce((a, b) => a + b, 0), correct: row[label], taken: all }
  })
}

/** The pairs of classes that are taken for each other most often, most pictures first. */
export function confusedPairs(confusion: Uint32Array, classes: number, most: number): ConfusedPair[] {
  const results = classResults(confusion, classes)
  const pairs: ConfusedPair[] = []
  confusion.forEach((count, i) => {
    const [label, predicted] = [Math.floor(i / classes), i % classes]
    if (count === 0 || label === predicted) return
    pairs.push({ label, predicted, count, share: count / results[label].pictures })
  })
  return pairs.sort((a, b) => b.count - a.count || b.share - a.share).slice(0, most)
}
