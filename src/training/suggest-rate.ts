/** A step of a search: its rate, the mean loss of its batch (or of the batches of its update), and the smoothed loss of the steps so far. */
export interface RatePoint {
  readonly rate: number
  readonly loss: number
  readonly smoothed: number
}

/** Ways to read a rate off a search. */
export const suggestionMethods = ['valley', 'steep'] as const
export type SuggestionMethod = (typeof suggestionMethods)[number]

/** Steps at the end that are not looked at: there the loss has begun to rise. */
const LAST = 5
/** Fewer show no curve. */
const LEAST = 5
/** The smoothed loss must have fallen by this share for a suggestion to mean something; it keeps much of where it began. */
const LEAST_FALL = 0.001

/**
 * The rates that a search suggests, as fastai's `lr_find` works them out (`fastai/callback/schedule.py`); undefined where
 * the loss has not fallen. The first tenth of the steps and the last five are not looked at.
 *
 * @param steps How many the search was to have.
 */
export function suggestedRates(
  points: readonly RatePoint[],
  steps: number,
): Readonly<Record<SuggestionMethod, number>> | undefined {
  const seen = points.slice(Math.floor(steps / 10), -LAST)
  if (seen.length < LEAST) return undefined
  const lowest = Math.min(...seen.map(({ smoothed }) => smoothed))
  if (lowest > (1 - LEAST_FALL) * seen[0].smoothed) return undefined
  return { valley: seen[valleyIn(seen)].rate, steep: seen[steepestIn(seen)].rate }
}

/**
 * Half way down the longest valley: the steps of the longest fall (each lower than the one before it in the fall, with
 * others between them) are counted back from its end, and the middle of them is taken, by thirds and sixths.
 */
function valleyIn(points: readonly RatePoint[]): number {
  /** The length of the longest fall that ends at each point. */
  const lengths = points.map(() => 1)
  let end = 0
  for (let i = 1; i < points.length; i++) {
    for (let j = 0; j < i; j++)
      if (points[i].smoothed < points[j].smoothed) lengths[i] = Math.max(lengths[i], lengths[j] + 1)
    if (lengths[i] > lengths[end]) end = i
  }
  const third = lengths[end] / 3
  return Math.max(0, end - lengths[end] + Math.floor(third) + Math.floor(third / 2))
}

/** Where the loss falls fastest by the logarithm of the rate. */
function steepestIn(points: readonly RatePoint[]): number {
  const slope = (n: number) =>
    (points[n + 1].smoothed - points[n].smoothed) / Math.log(points[n + 1].rate / points[n].rate)
  let steepest = 0
  for (let n = 1; n + 1 < points.length; n++) if (slope(n) < slope(steepest)) steepest = n
  return steepest
}
