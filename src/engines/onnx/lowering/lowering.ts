import type { Node } from '../../../graph/node.js'
import type { OnnxGraphWriter } from '../graph-writer.js'

/**
 * Writes one operator as ONNX nodes: takes the names of its inputs, returns the name of its output. `users` are the
 * nodes that read that output.
 */
export type Lowering<N extends Node> = (
  node: N,
  inputs: readonly string[],
  graph: OnnxGraphWriter,
  users: readonly Node[],
) => string
