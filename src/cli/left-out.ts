import type { SkippedFile } from '../data/node/pictures/picture-list.js'
import { counted } from './format.js'
import { printable } from './printable.js'
import { warning } from './warning.js'

/** As many are named; how many more there are is said. */
const NAMED = 5

/** The first of many, a line each, and where the others are told. */
export function firstOf<T>(items: readonly T[], describe: (item: T) => string, elsewhere: string): string[] {
  const more = items.length - NAMED
  return [
    ...items.slice(0, NAMED).map((item) => `  ${describe(item)}`),
    ...(more > 0 ? [`  and ${more} more: ${elsewhere}`] : []),
  ]
}

/** What a person should know of files that were left out; nothing where there are none. */
export function leftOut(skipped: readonly SkippedFile[], elsewhere: string): string[] {
  if (skipped.length === 0) return []
  const verb = skipped.length === 1 ? 'is' : 'are'
  return [
    warning(`${counted(skipped.length, 'file')} ${verb} left out:`),
    ...firstOf(skipped, ({ name, reason }) => `${printable(name)}: ${printable(reason)}`, elsewhere),
  ]
}
