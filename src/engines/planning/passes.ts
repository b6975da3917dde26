import type { Node } from '../../graph/node.js'
import { operatorOf } from '../../graph/ops/index.js'

/**
 * One stage of elementwise work, such as an optimizer's update.
 *
 * - `pass`: nodes that go through memory together, piece by piece: of each piece all of them are computed while it is in
 *   the processor's caches. `temporaries` are read by nobody outside the pass, so a piece's worth of memory holds them.
 * - `single`: any other node: a rate, or a sum over all of a gradient.
 */
export type Stage =
  | { readonly kind: 'single'; readonly node: Node }
  | { readonly kind: 'pass'; readonly nodes: readonly Node[]; readonly temporaries: ReadonlySet<Node> }

/**
 * Groups nodes into stages, to be done in this order. Neighbours of one shape that hang together (a velocity, and the
 * weight that it moves) share a pass.
 *
 * @param nodes In topological order, sources left out.
 * @param users Who reads each node, in the whole program.
 * @param results The nodes whose values must outlast the step.
 */
export function planPasses(
  nodes: readonly Node[],
  { users, results }: { readonly users: ReadonlyMap<Node, readonly Node[]>; readonly results: ReadonlySet<Node> },
): Stage[] {
  const stages: Stage[] = []
  let open: Node[] = []
  const close = () => {
    if (open.length === 0) return
    const members = new Set(open)
    const isTemporary = (node: Node) => !results.has(node) && users.get(node)!.every((user) => members.has(user))
    stages.push({ kind: 'pass', nodes: open, temporaries: new Set(open.filter(isTemporary)) })
    open = []
  }
  for (const node of nodes) {
    if (!isVector(node)) {
      // Rates stand between the nodes of an update; what reads nothing of the open pass may go before it.
      if (node.inputs.some((input) => open.includes(input))) close()
      stages.push({ kind: 'single', node })
      continue
    }
    if (!hangTogether(open, node)) close()
    open.push(node)
  }
  close()
  return stages
}

/** Whether a node is computed element by element, and has more than one. */
function isVector(node: Node): boolean {
  return node.shape.length > 0 && operatorOf(node)?.elementwise === true
}

function hangTogether(pass: readonly Node[], node: Node): boolean {
  if (pass.length > 0 && pass[0].shape.join() !== node.shape.join()) return false
  const touched = new Set([...pass, ...pass.flatMap(({ inputs }) => inputs)])
  return node.inputs.some((input) => input.shape.length > 0 && touched.has(input))
}
