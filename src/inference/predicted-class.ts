/**
 * The class that a net takes a picture for: the one of the highest score. Of equals it is `label` where that is given, as
 * accuracy counts a tie in its favour (`topKCorrect`), else the first.
 *
 * @param scores Logits or probabilities of one picture (classes). One that is not a number is never the highest.
 */
export function predictedClass(scores: ArrayLike<number>, label?: number): number {
  let best = label ?? 0
  for (let c = 0; c < scores.length; c++)
    if (scores[c] > scores[best] || (Number.isNaN(scores[best]) && c !== label)) best = c
  return best
}

/**
 * How many classes have a higher score than the label's own: right is a picture among the first k where it is below k.
 * Infinite where the label's own score is not a number.
 */
export function rankOf(scores: ArrayLike<number>, label: number): number {
  const own = scores[label]
  if (Number.isNaN(own)) return Number.POSITIVE_INFINITY
  let higher = 0
  for (let c = 0; c < scores.length; c++) if (scores[c] > own) higher++
  return higher
}
