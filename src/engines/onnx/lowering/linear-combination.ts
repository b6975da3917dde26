import type { NodeOf } from '../../../graph/ops/index.js'
import { termsOf } from '../../../graph/ops/linear-combination.js'
import type { Lowering } from './lowering.js'

export const linearCombination: Lowering<NodeOf<'linearCombination'>> = (node, inputs, graph) => {
  let sum: string | undefined
  termsOf(node).forEach(({ coefficient }, i) => {
    const [c, term] = [inputs[2 * i], inputs[2 * i + 1]]
    const isOne = coefficient.op === 'constant' && coefficient.attributes.value === 1
    const scaled = isOne ? term : graph.node('Mul', [term, c])
    sum = sum === undefined ? scaled : graph.node('Add', [sum, scaled])
  })
  return sum!
}
