import type { Spread } from './sweep.js'

/** A value of a setting, as a person reads it. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** `81.20 % ± 0.40 %`: a mean, and the deviation where there is one. */
export function spreadText({ mean, deviation }: Spread, text: (value: number) => string): string {
  return deviation === undefined ? text(mean) : `${text(mean)} ± ${text(deviation)}`
}

/** `rate 0.03, seed 1` */
export function settingsText(settings: Readonly<Record<string, unknown>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${shortKey(key)} ${valueText(value)}`)
    .join(', ')
}

/** `optimizer.rate` → `rate`. */
export function shortKey(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1)
}
