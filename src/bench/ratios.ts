import type { Measurement } from './measurement.js'

/**
 * How many times as fast a result is as the peers that were measured beside it in the same precision, under names such
 * as `pytorch channels_last`; `pytorch best` is the fastest of a peer's several layouts.
 */
export function ratiosTo(
  result: Measurement,
  results: readonly Measurement[],
  peers: readonly string[],
): Record<string, number> {
  const ratios: Record<string, number> = {}
  for (const peer of peers) {
    const own = results.filter(({ runner, precision }) => runner === peer && precision === result.precision)
    const several = own.length > 1
    for (const { layout, imagesPerSecond } of own)
      ratios[several ? `${peer} ${layout}` : peer] = result.imagesPerSecond / imagesPerSecond
    if (several)
      ratios[`${peer} best`] = result.imagesPerSecond / Math.max(...own.map(({ imagesPerSecond }) => imagesPerSecond))
  }
  return ratios
}
