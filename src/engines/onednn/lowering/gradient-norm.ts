import { type NodeOf, operators } from '../../../graph/ops/index.js'
import type { LoweringContext } from './context.js'

/** Σ x² over the memory as it lies there: what fills up a layout are zeros. */
export function sumOfSquares(node: NodeOf<'sumOfSquares'>, context: LoweringContext): void {
  const { plan } = context
  const x = context.typed(node.inputs[0], 'float32')
  const result = new Float64Array(1)
  plan.host(
    context.label(node),
    [plan.flat(x, 0, plan.flatSize(x))],
    [context.defineNew(node)],
    ([values], [target]) => {
      operators.sumOfSquares.evaluate(node, [values], result)
      target[0] = result[0]
    },
  )
}
