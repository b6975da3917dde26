/** A class with its probability. */
export interface LabelProbability {
  readonly label: string
  readonly index: number
  readonly probability: number
}

/** Classes in the order of their probability, the most probable first; there is at least one. */
export type MostProbable = readonly [LabelProbability, ...LabelProbability[]]

/** The most probable classes, as many as `count`; of equals the lower index first. */
export function mostProbable(probabilities: Float32Array, classes: readonly string[], count: number): MostProbable {
  const [best, ...others] = Array.from(probabilities, (probability, index) => ({
    label: classes[index],
    index,
    probability,
  }))
    .sort((a, b) => b.probability - a.probability || a.index - b.index)
    .slice(0, count)
  return [best, ...others]
}
