import { percent as percentOf } from 'alexnet/web'

export { count, duration, large } from 'alexnet/web'

/** 0.1234 → `12.3 %`: on a page that changes, more digits would only flicker. */
export function percent(share: number, decimals = 1): string {
  return percentOf(share, decimals)
}

/** A loss or a ratio: four decimals, or an exponent where that would show nothing. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  return Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toFixed(Math.abs(value) >= 100 ? 1 : 4)
}
