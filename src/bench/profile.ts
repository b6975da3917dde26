import type { OperatorTiming } from '../engines/engine.js'
import { multiplyAdds } from '../graph/multiply-adds.js'
import type { Program } from '../graph/program.js'

/** What the operator of one layer costs in a step. */
export interface OperatorCost {
  readonly layer: string
  readonly operator: string
  readonly milliseconds: number
  /** Of the time of all operators. */
  readonly share: number
  /** Of what multiplies and adds. */
  readonly gflops?: number
}

/**
 * Times of `steps` steps as costs of one, in the order of the program; what the engine does on its own account comes
 * last. `before` is what had been counted already, while the engine warmed up.
 */
export function operatorCosts(
  program: Program,
  timings: readonly OperatorTiming[],
  before: readonly OperatorTiming[],
  steps: number,
): OperatorCost[] {
  const key = (layer: string, operator: string) => `${layer || 'program'}/${operator}`
  const already = new Map(before.map(({ layer, operator, milliseconds }) => [key(layer, operator), milliseconds]))
  const layers = new Map<string, number>()
  const operators = new Map<string, { place: number; flops: number }>()
  for (const { scope, op, ...node } of program.nodes) {
    if (node.inputs.length === 0) continue
    const layer = scope || 'program'
    if (!layers.has(layer)) layers.set(layer, layers.size)
    const known = operators.get(key(scope, op)) ?? { place: operators.size, flops: 0 }
    operators.set(key(scope, op), { ...known, flops: known.flops + 2 * multiplyAdds({ scope, op, ...node }) })
  }
  const costs = timings.map(({ layer, operator, milliseconds }) => ({
    layer,
    operator,
    milliseconds: (milliseconds - (already.get(key(layer, operator)) ?? 0)) / steps,
  }))
  const total = costs.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const last = Number.MAX_SAFE_INTEGER
  return costs
    .map((cost) => {
      const flops = operators.get(key(cost.layer, cost.operator))?.flops ?? 0
      return {
        ...cost,
        share: cost.milliseconds / total,
        ...(flops > 0 && { gflops: flops / 1e6 / cost.milliseconds }),
      }
    })
    .sort(
      (a, b) =>
        (layers.get(a.layer) ?? last) - (layers.get(b.layer) ?? last) ||
        (operators.get(key(a.layer, a.operator))?.place ?? last) -
          (operators.get(key(b.layer, b.operator))?.place ?? last),
    )
}
