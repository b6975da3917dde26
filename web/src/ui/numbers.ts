/** 0.1234 → `12.3 %`. */
export function percent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : '–'
}

/** 1234567 → `1,234,567`. */
export function count(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString('en') : '–'
}

/** 714188480 → `714 M`. */
export function large(value: number): string {
  const units = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const
  const unit = units.find(([size]) => value >= size)
  return unit ? `${Number((value / unit[0]).toPrecision(3))} ${unit[1]}` : String(value)
}

/** 95 → `1 min 35 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–'
  const s = Math.max(0, Math.round(seconds))
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
}

/** A loss or a ratio: four decimals, or an exponent where that would show nothing. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  return Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toFixed(Math.abs(value) >= 100 ? 1 : 4)
}
