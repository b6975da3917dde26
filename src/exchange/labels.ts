import { AlexNetError } from '../errors.js'

/**
 * Reads the names of classes: a text with one a line, a JSON list, or ImageNet's class index, `{"0": ["n01440764",
 * "tench"], …}`, of which the second is the name.
 *
 * @param origin What messages call it: the file's name.
 * @throws AlexNetError `corrupt-data` unless there is a name for each of `count` classes.
 */
export function parseLabels(text: string, count: number, origin: string): string[] {
  const labels = /^\s*[[{]/.test(text) ? fromJson(text, origin) : fromLines(text)
  if (labels.length !== count)
    throw new AlexNetError(
      'corrupt-data',
      `${origin}: expected the names of ${count} classes, got ${labels.length}`,
      'One class a line, in the order of the outputs.',
    )
  return labels
}

/** `class 0`, `class 1`, … */
export function numberedLabels(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `class ${i}`)
}

function fromLines(text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => line.trim())
}

function fromJson(text: string, origin: string): string[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new AlexNetError('corrupt-data', `${origin}: not JSON, though it begins so`, undefined, { cause: error })
  }
  const entries: unknown[] = Array.isArray(json) ? json : inOrder(json as object, origin)
  return entries.map((entry, i) => {
    const label = Array.isArray(entry) ? entry[entry.length - 1] : entry
    if (typeof label !== 'string') throw new AlexNetError('corrupt-data', `${origin}: class ${i} has no name`)
    return label
  })
}

function inOrder(json: object, origin: string): unknown[] {
  const entries = Object.entries(json)
  const ordered = new Array<unknown>(entries.length).fill(undefined)
  for (const [key, value] of entries) {
    const index = Number(key)
    if (!Number.isInteger(index) || index < 0 || index >= entries.length)
      throw new AlexNetError('corrupt-data', `${origin}: expected the keys 0 to ${entries.length - 1}, got '${key}'`)
    ordered[index] = value
  }
  return ordered
}
