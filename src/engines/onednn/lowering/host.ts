import type { Node } from '../../../graph/node.js'
import type { Values } from '../../../graph/operator.js'
import { operatorOf } from '../../../graph/ops/index.js'
import { sizeOf } from '../../../tensor.js'
import type { LoweringContext } from './context.js'

/**
 * What oneDNN lacks, or what is too small to matter: the operator's own definition, in float64. The loss and its
 * gradient are of (N, classes), the rest are scalars.
 */
export function onHost(node: Node, context: LoweringContext): void {
  const operator = operatorOf(node)!
  const reads = node.inputs.map((input) =>
    context.plain(input, context.home(input).type === 'bfloat16' ? 'float32' : undefined),
  )
  const output = context.defineNew(node)
  const result = new Float64Array(sizeOf(node.shape))
  context.plan.host(context.label(node), reads, [output], (arrays, [target]) => {
    result.fill(0)
    const values = arrays.map((array): Values => (array instanceof Float32Array ? Float64Array.from(array) : array))
    operator.evaluate(node, values, result)
    target.set(result)
  })
}
