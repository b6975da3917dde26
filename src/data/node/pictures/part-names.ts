import type { PartName } from './picture-list.js'

/** What people call the parts, in small letters. */
const words: Readonly<Record<PartName, string>> = {
  train: 'train(?:ing)?',
  validation: 'val(?:id(?:ation)?)?|dev',
  test: 'test(?:ing)?',
}

/** What they add to it: `train_set`, `test-images`, `validation data`. */
const additions = '(?:set|data(?:set)?|images?|imgs?|pictures?|pics|photos?|split|part)'

const patterns = Object.entries(words).map(
  ([part, word]) =>
    [part as PartName, new RegExp(`^(?:${additions}[ _.-]*)*(?:${word})(?:[ _.-]*${additions})*$`, 'i')] as const,
)

/** The part that a folder or a row of a list belongs to, by its name: in any case and in the usual spellings. */
export function partCalled(name: string): PartName | undefined {
  return patterns.find(([, pattern]) => pattern.test(name))?.[0]
}
