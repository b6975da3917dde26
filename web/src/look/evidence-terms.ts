/** What one unit of the last hidden layer adds to a class's score. */
export interface EvidenceTerm {
  readonly unit: number
  /** weight × answer */
  readonly value: number
}

/**
 * The score of a class before the softmax is a sum: of each unit's answer times its weight, and the bias.
 *
 * @param weights (classes, units), row by row.
 * @returns All terms, the strongest (for or against) first, and their sum with the bias.
 */
export function evidenceFor(
  index: number,
  answers: Float32Array,
  weights: Float32Array,
  bias: number,
): { readonly terms: readonly EvidenceTerm[]; readonly score: number } {
  const units = answers.length
  const terms = Array.from(answers, (answer, unit) => ({ unit, value: answer * weights[index * units + unit] }))
  const score = terms.reduce((sum, { value }) => sum + value, bias)
  return { terms: terms.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)), score }
}
