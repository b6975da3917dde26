import { type RateSearch, roundedRate } from '../training/lr-find.js'

/** What a search has found, in words. */
export function describeSearch({ points, rate, method, suggestions, end }: RateSearch): string[] {
  const why = {
    steps: '',
    rise: ', where the loss is four times its lowest',
    diverged: '; beyond it the loss is no number',
  }[end]
  const [first, last] = [points[0]?.rate ?? 0, points.at(-1)?.rate ?? 0]
  const searched = `${points.length} steps from ${rateText(first)} to ${rateText(last)}${why}`
  if (rate === undefined || !suggestions) return [`No rate is suggested: the loss falls at none of them (${searched}).`]
  const other = method === 'valley' ? 'steep' : 'valley'
  return [`Suggested rate: ${rateText(rate)} (${method}; ${other}: ${rateText(suggestions[other])}), by ${searched}`]
}

/** 0.00658, and 1e-6 in place of 0.000001. */
function rateText(rate: number): string {
  const rounded = roundedRate(rate)
  return rounded >= 1e-4 || rounded === 0 ? String(rounded) : rounded.toExponential()
}
