import type { NodeOf } from '../../../graph/ops/index.js'
import type { LoweringContext } from './context.js'
import { onHost } from './host.js'
import { lowerPass } from './pass.js'

/** Σ cᵢ·tᵢ by itself; within an update it shares a pass with its neighbours. */
export function linearCombination(node: NodeOf<'linearCombination'>, context: LoweringContext): void {
  if (node.shape.length === 0) onHost(node, context)
  else lowerPass([node], new Set(), context)
}
