import { posix } from 'node:path'

/** @typedef {{ from: string, to: string }} Import one file imports another; both are paths from the repository's root */

/**
 * The circles that folders make with what stands beside them, `a/b/ → a/c/ → a/b/`, where a folder counts as all that is
 * in it. Files that import each other in a circle need not be there: `b/1 → c/2` and `c/3 → b/4` are enough.
 *
 * An import belongs to the lowest folder that holds both its ends, and joins what leads there to either of them. So a
 * file of a folder may import from a folder within (a table of operators, the operators), and be no circle when they
 * import another file of it (the contract of an operator).
 *
 * @param {readonly Import[]} imports
 * @returns {string[][]} the names along each circle, the first again at the end
 */
export function folderCircles(imports) {
  /** @type {Map<string, Map<string, Set<string>>>} */
  const graphs = new Map()
  for (const { from, to } of imports) {
    const [here, there] = neighbours(from, to)
    const folder = posix.dirname(here)
    const graph = graphs.get(folder) ?? new Map()
    graph.set(here, (graph.get(here) ?? new Set()).add(there))
    graphs.set(folder, graph)
  }
  return [...graphs.values()].flatMap(circlesOf).filter((circle) => circle.some((name) => name.endsWith('/')))
}

/**
 * The two neighbours in one folder that lead to the two files; that of a folder ends with a slash.
 *
 * @param {string} from
 * @param {string} to
 */
function neighbours(from, to) {
  const a = from.split('/')
  const b = to.split('/')
  const shared = a.findIndex((name, depth) => name !== b[depth])
  const leading = (/** @type {string[]} */ path) =>
    path.slice(0, shared + 1).join('/') + (path.length > shared + 1 ? '/' : '')
  return [leading(a), leading(b)]
}

/**
 * Depth first: an import of something that is still being visited closes a circle.
 *
 * @param {Map<string, Set<string>>} graph
 */
function circlesOf(graph) {
  /** @type {string[][]} */
  const circles = []
  /** @type {Set<string>} */
  const done = new Set()
  const visit = (/** @type {string} */ name, /** @type {string[]} */ path) => {
    if (path.includes(name)) circles.push([...path.slice(path.indexOf(name)), name])
    if (path.includes(name) || done.has(name)) return
    for (const next of graph.get(name) ?? []) visit(next, [...path, name])
    done.add(name)
  }
  for (const name of graph.keys()) visit(name, [])
  return circles
}
