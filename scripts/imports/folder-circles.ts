import { posix } from 'node:path'

/** One file imports another. Both are paths from the root of the repository. */
export interface Import {
  from: string
  to: string
}

/**
 * The circles that folders make with what stands beside them, `a/b/ → a/c/ → a/b/`, where a folder counts as all that is
 * in it. Files that import each other in a circle need not be there: `b/1 → c/2` and `c/3 → b/4` are enough.
 *
 * An import belongs to the lowest folder that holds both its ends, and joins what leads there to either of them. So a
 * file of a folder may import from a folder within (a table of operators, the operators), and be no circle when they
 * import another file of it (the contract of an operator).
 */
export function folderCircles(imports: readonly Import[]): string[][] {
  const graphs = new Map<string, Map<string, Set<string>>>()
  for (const { from, to } of imports) {
    const [here, there] = neighbours(from, to)
    const folder = posix.dirname(here)
    const graph = graphs.get(folder) ?? new Map<string, Set<string>>()
    graph.set(here, (graph.get(here) ?? new Set()).add(there))
    graphs.set(folder, graph)
  }
  return [...graphs.values()].flatMap(circlesOf).filter((circle) => circle.some((name) => name.endsWith('/')))
}

/** The two neighbours in one folder that lead to the two files; that of a folder ends with a slash. */
function neighbours(from: string, to: string): [string, string] {
  const a = from.split('/')
  const b = to.split('/')
  const shared = a.findIndex((name, depth) => name !== b[depth])
  const leading = (path: string[]) => path.slice(0, shared + 1).join('/') + (path.length > shared + 1 ? '/' : '')
  return [leading(a), leading(b)]
}

/** Depth first: an import of something that is still being visited closes a circle. */
function circlesOf(graph: Map<string, Set<string>>): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  const visit = (name: string, path: string[]) => {
    if (path.includes(name)) circles.push([...path.slice(path.indexOf(name)), name])
    if (path.includes(name) || done.has(name)) return
    for (const next of graph.get(name) ?? []) visit(next, [...path, name])
    done.add(name)
  }
  for (const name of graph.keys()) visit(name, [])
  return circles
}
