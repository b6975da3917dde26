/**
 * The first key that stands twice in one object of a JSON text, or undefined. `JSON.parse` keeps the last of them without
 * a word, other readers the first: such a file says different things to different programs.
 *
 * @param json A text that `JSON.parse` accepts.
 */
export function firstDuplicateKey(json: string): string | undefined {
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/gs
  const open: Set<string>[] = []
  for (const [token, colon] of json.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string
      const keys = open[open.length - 1]
      if (keys.has(key)) return key
      keys.add(key)
    }
  }
  return undefined
}
