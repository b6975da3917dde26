import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

export const matmul: Lowering<NodeOf<'matmul'>> = (node, inputs, graph) =>
  graph.node('Gemm', inputs, {
    transA: node.attributes.transposeA ? 1 : 0,
    transB: node.attributes.transposeB ? 1 : 0,
  })
