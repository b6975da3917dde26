import type { Recipe } from './recipe.js'

/** Longer values tell nobody anything in a table: a list of a thousand classes' weights. */
const MOST_CHARACTERS = 200

/** The settings of a run as a flat list, by their keys with dots: for programs that compare runs by them. */
export function hyperparametersOf({ claim: _, ...settings }: Recipe): Record<string, string | number | boolean> {
  const found: Record<string, string | number | boolean> = {}
  const visit = (value: unknown, path: readonly string[]) => {
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
      found[path.join('.')] = value
    else if (Array.isArray(value)) {
      const text = JSON.stringify(value)
      if (text.length <= MOST_CHARACTERS) found[path.join('.')] = text
    } else for (const [key, inner] of Object.entries(value ?? {})) visit(inner, [...path, key])
  }
  visit(settings, [])
  return found
}
