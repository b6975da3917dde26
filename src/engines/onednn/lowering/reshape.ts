import type { NodeOf } from '../../../graph/ops/index.js'
import type { LoweringContext } from './context.js'

/** The same values under another shape. */
export function reshape(node: NodeOf<'reshape'>, context: LoweringContext): void {
  const [x] = node.inputs
  const plain = context.plain(x, context.typeOf(node))
  const dims = node.shape.length === 0 ? [1] : node.shape
  context.define(node, context.plan.view(plain, dims))
}
