/** How the pictures of one class were classified. */
export interface ClassResult {
  readonly label: number
  /** Pictures of the class. */
  readonly pictures: number
  /** Those of them that were recognised. */
  readonly correct: number
  /** Pictures of any class that were taken for it. */
  readonly taken: number
}

/** How well a class is recognised, as scikit-learn's `precision_recall_fscore_support` has it: shares of 1. */
export interface ClassMeasures {
  /** Of its pictures, those that were recognised. */
  readonly recall: number
  /** Of the pictures that were taken for it, those that are of it; 0 where none was. */
  readonly precision: number
  /** The harmonic mean of the two. */
  readonly f1: number
}

/** @param result Of a class that has pictures. */
export function measuresOf({ pictures, correct, taken }: ClassResult): ClassMeasures {
  return {
    recall: correct / pictures,
    precision: taken === 0 ? 0 : correct / taken,
    f1: (2 * correct) / (pictures + taken),
  }
}

/**
 * The means over the classes that have pictures, each counting the same however many it has: the mean recall is what
 * scikit-learn calls the balanced accuracy.
 */
export function macroAverage(results: readonly ClassResult[]): ClassMeasures {
  const measures = present(results).map(measuresOf)
  const mean = (key: keyof ClassMeasures) => measures.reduce((sum, own) => sum + own[key], 0) / measures.length
  return { recall: mean('recall'), precision: mean('precision'), f1: mean('f1') }
}

/** Those that have pictures: of the others nothing is known. */
export function present(results: readonly ClassResult[]): ClassResult[] {
  return results.filter(({ pictures }) => pictures > 0)
}
