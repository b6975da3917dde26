/** What a number that is not known, or not finite, reads as. */
const UNKNOWN = '–'

/** 61100840 → `61,100,840`. Without `toLocaleString`, whose first call loads the tables of all languages. */
export function count(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',') : UNKNOWN
}

/** 714188480 → `714 M`; 61100840 → `61.1 M`. */
export function large(value: number): string {
  const units = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const
  const unit = units.find(([size]) => value >= size)
  return unit ? `${Number((value / unit[0]).toPrecision(3))} ${unit[1]}` : String(value)
}

/** 0.9375 → `93.75 %`. */
export function percent(fraction: number, decimals = 2): string {
  return Number.isFinite(fraction) ? `${(100 * fraction).toFixed(decimals)} %` : UNKNOWN
}

/** 3725 → `1 h 02 min`; 65 → `1 min 05 s`; 7.2 → `7 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return UNKNOWN
  const whole = Math.max(0, Math.round(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
}
