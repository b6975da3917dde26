import type { NodeOf } from '../../../graph/ops/index.js'
import type { LoweringContext } from './context.js'
import { onHost } from './host.js'
import { lowerPass } from './pass.js'

/** a · b element by element; of scalars here. */
export function product(node: NodeOf<'product'>, context: LoweringContext): void {
  if (node.shape.length === 0) onHost(node, context)
  else lowerPass([node], new Set(), context)
}
