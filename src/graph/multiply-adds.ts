import type { Node } from './node.js'
import { operatorOf } from './ops/index.js'

/** Multiplications with an addition in what a node says: 0 for all but convolutions, their gradients and matrix products. */
export function multiplyAdds(node: Node): number {
  return operatorOf(node)?.multiplyAdds?.(node) ?? 0
}
