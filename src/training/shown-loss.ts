import type { RatePoint } from './suggest-rate.js'

/** Above the first loss, so much is shown of the depth of the fall: the rise at the end goes to four times the lowest. */
const SHOWN_RISE = 0.5

/** Where a drawing of the smoothed losses of a search ends above. A loss that falls nowhere is shown as a whole. */
export function highestShown(points: readonly RatePoint[]): number {
  const losses = points.map(({ smoothed }) => smoothed)
  const [first, low, high] = [losses[0], Math.min(...losses), Math.max(...losses)]
  return low < first ? Math.min(high, Math.max(first + SHOWN_RISE * (first - low), 1.05 * first)) : high
}
