import type { Node } from '../../graph/node.js'
import { operatorOf } from '../../graph/ops/index.js'
import type { Precision } from '../engine.js'

/**
 * What a node's value is computed in, where activations and products are computed in `precision`: what comes from outside
 * or leaves the step is float32, and so is what an operator says of itself or of its inputs.
 */
export function valuePrecision(
  node: Node,
  precision: Precision,
  { users, results }: { readonly users: ReadonlyMap<Node, readonly Node[]>; readonly results: ReadonlySet<Node> },
): Precision {
  const operator = operatorOf(node)
  if (!operator || operator.float32 || results.has(node)) return 'float32'
  return users.get(node)!.some((user) => operatorOf(user)?.float32 === 'all') ? 'float32' : precision
}
