import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

export const product: Lowering<NodeOf<'product'>> = (_node, inputs, graph) => graph.node('Mul', inputs)
