import type { NodeOf } from '../../../graph/ops/index.js'
import type { Lowering } from './lowering.js'

/** Rows of features are a Flatten, which holds for any number of rows. */
export const reshape: Lowering<NodeOf<'reshape'>> = (node, [x], graph) =>
  node.shape.length === 2 && node.shape[0] === node.inputs[0].shape[0]
    ? graph.node('Flatten', [x], { axis: 1 })
    : graph.node('Reshape', [x, graph.integers(node.shape)])
