import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

export const softmax: Lowering<NodeOf<'softmax'>> = (_node, inputs, graph) => graph.node('Softmax', inputs, { axis: 1 })
