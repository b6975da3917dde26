/** A class with its probability. */
export interface LabelProbability {
  readonly label: string
  readonly index: number
  readonly probability: number
}

/** The most probable classes, the first the most probable; of equals the lower index first. */
export function mostProbable(
  probabilities: Float32Array,
  classes: readonly string[],
  count: number,
): readonly LabelProbability[] {
  return Array.from(probabilities, (probability, index) => ({ label: classes[index], index, probability }))
    .sort((a, b) => b.probability - a.probability || a.index - b.index)
    .slice(0, count)
}
