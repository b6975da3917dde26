import type { OtherFiles } from './picture-list.js'

/** What is not read, in numbers: `12 .heic`, `16 × a link that leads out of the folder`. */
export function describeOtherFiles({ skipped, endings }: OtherFiles): string[] {
  const reasons = new Map<string, number>()
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  return [...describeEndings(endings), ...Array.from(reasons, ([reason, count]) => `${count} × ${reason}`)]
}

/** Endings that are named. */
const NAMED_ENDINGS = 8

/** `12 .heic`, the most frequent first. */
export function describeEndings(endings: OtherFiles['endings']): string[] {
  const sorted = Object.entries(endings).sort(([, a], [, b]) => b - a)
  const others = sorted.slice(NAMED_ENDINGS).reduce((sum, [, count]) => sum + count, 0)
  return [
    ...sorted.slice(0, NAMED_ENDINGS).map(([ending, count]) => `${count} ${ending || 'without an ending'}`),
    ...(others > 0 ? [`${others} others`] : []),
  ]
}

/** Facts that an error names. */
const NAMED = 3

/** What else is to be said in a message: nothing, or ` (the first; the second; and 5 more)`. */
export function inBrackets(facts: readonly string[]): string {
  const more = facts.length - NAMED
  const named = [...facts.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])]
  return facts.length === 0 ? '' : ` (${named.join('; ')})`
}
