import leven from 'leven'

/**
 * The hint for a name that does not exist: the nearest known one, and all of them.
 * @example didYouMean('alexnt', ['alexnet', '18pct']) // "Did you mean 'alexnet'? Known: alexnet, 18pct."
 */
export function didYouMean(name: string, known: readonly string[]): string {
  const distances = known.map((candidate) => leven(name.toLowerCase(), candidate.toLowerCase()))
  const nearest = known[distances.indexOf(Math.min(...distances))]
  const close = nearest !== undefined && Math.min(...distances) <= Math.max(2, name.length / 3)
  return `${close ? `Did you mean '${nearest}'? ` : ''}Known: ${known.join(', ')}.`
}
