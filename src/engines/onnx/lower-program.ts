import type { OnnxModel, OnnxValueInfo } from '../../formats/onnx/model.js'
import type { Node } from '../../graph/node.js'
import { entryFor } from '../../graph/ops/index.js'
import type { Program } from '../../graph/program.js'
import { usersOf } from '../../graph/users.js'
import type { Tensors } from '../../tensor.js'
import { type ConvolveInBlocks, OnnxGraphWriter, onnxTensor } from './graph-writer.js'
import { lowerings } from './lowering/index.js'

/** The output that holds the next value of a state. */
export const nextName = (state: string): string => `next:${state}`

/** How a program is written that other programs are to read. */
export interface ExchangeOptions {
  /** The name of the first axis of inputs and outputs: it is left open, so that the model takes any number of pictures. */
  readonly batchAxis: string
  /** What stands in an input's place, given its name and shape; default: the input itself. */
  readonly input?: (graph: OnnxGraphWriter, name: string, shape: OnnxValueInfo['shape']) => string
}

export interface LoweringOptions {
  /** What ONNX Runtime runs it on; default: `cpu`. */
  readonly target?: 'cpu' | 'webgpu'
  /**
   * State that is written into the model instead of being an input: ONNX Runtime then chooses faster layouts for the
   * weights, which is what inference wants.
   */
  readonly constants?: Tensors
  /** ONNX Runtime's own convolutions, for a graph whose weights are no constants. */
  readonly convolveInBlocks?: ConvolveInBlocks
  /** State whose next value is an output too, under `nextName`. A model holds nothing itself. */
  readonly next?: readonly string[]
  /**
   * The same graph for other programs: of any batch size, which an inference program can be, and in the operators that
   * they know best.
   */
  readonly exchange?: ExchangeOptions
}

/** A program as an ONNX model of standard operators. Inputs, state (which enters as inputs) and outputs keep their names. */
export function lowerProgram(program: Program, options: LoweringOptions = {}): OnnxModel {
  const { target = 'cpu', constants = {}, next = [], convolveInBlocks, exchange } = options
  const graph = new OnnxGraphWriter(program.name, exchange ? 'exchange' : target, convolveInBlocks)
  const users = usersOf(program)
  const names = new Map<Node, string>()
  for (const node of program.nodes) {
    graph.enter(`${node.scope}/${node.op}`)
    const inputs = node.inputs.map((input) => names.get(input)!)
    const lowering = entryFor(lowerings, node)
    names.set(
      node,
      lowering ? lowering(node, inputs, graph, users.get(node)!) : lowerSource(node, graph, constants, exchange),
    )
  }
  graph.enter('results')
  for (const [name, node] of Object.entries(program.outputs))
    graph.output(name, names.get(node)!, node.dtype, openShape(node, exchange))
  for (const name of next) {
    const node = program.state[name].next!
    graph.output(nextName(name), names.get(node)!, node.dtype, node.shape)
  }
  return graph.model()
}

function lowerSource(node: Node, graph: OnnxGraphWriter, constants: Tensors, exchange?: ExchangeOptions): string {
  if (node.op === 'constant') return graph.floats([Number(node.attributes.value)])
  const name = String(node.attributes.name)
  const constant = node.op === 'state' ? constants[name] : undefined
  if (constant) return graph.initializer(name, onnxTensor(node.dtype, node.shape, constant.data))
  const shape = openShape(node, exchange)
  return exchange?.input ? exchange.input(graph, name, shape) : graph.input(name, node.dtype, shape)
}

function openShape({ shape }: Node, exchange?: ExchangeOptions): OnnxValueInfo['shape'] {
  return exchange ? [exchange.batchAxis, ...shape.slice(1)] : shape
}
