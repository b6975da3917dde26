import type { NodeOf } from '../../../graph/ops/index.js'
import type { LoweringContext } from './context.js'
import { lowerPass } from './pass.js'

/** The direction of an Adam step by itself; within an update it shares a pass with its neighbours. */
export function adamDirection(node: NodeOf<'adamDirection'>, context: LoweringContext): void {
  lowerPass([node], new Set(), context)
}
