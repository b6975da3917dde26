import { AlexNetError } from '../errors.js'
import { corruptOnnx } from '../formats/onnx/decode.js'
import type { OnnxGraph, OnnxNode, OnnxTensor, OnnxValueInfo } from '../formats/onnx/model.js'
import { quoted } from '../formats/quoted.js'
import { cannotRead } from './onnx-node.js'

/** An ONNX graph as a chain: the way from the pictures to the logits, and the constants beside it. */
export interface OnnxChain {
  readonly input: OnnxValueInfo
  /** In the order in which they work on the pictures. */
  readonly nodes: readonly OnnxNode[]
  /** The tensor of a name, through `Constant` and `Identity`. */
  readonly constant: (name: string) => OnnxTensor | undefined
}

/** Operators that only pass on what they get, when they stand between constants. */
const PASSING = new Set(['Identity'])
/** What may stand behind the logits. */
const ENDING = new Set(['Softmax', 'LogSoftmax', 'Identity'])

/**
 * Follows a graph from its one input to its end.
 * @throws AlexNetError `incompatible-state` for a graph that branches or has several inputs.
 */
export function chainOf(graph: OnnxGraph): OnnxChain {
  const constants = new Map(Object.entries(graph.initializers))
  const readers = new Map<string, OnnxNode[]>()
  for (const node of graph.nodes) {
    const [output] = node.outputs
    const value = node.attributes.value
    const passed = PASSING.has(node.opType) ? constants.get(node.inputs[0]) : undefined
    if (node.opType === 'Constant' && typeof value === 'object' && 'tensor' in value)
      constants.set(output, value.tensor)
    else if (passed) constants.set(output, passed)
    for (const input of new Set(node.inputs)) readers.set(input, [...(readers.get(input) ?? []), node])
  }
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name))
  if (inputs.length !== 1)
    throw new AlexNetError(
      'incompatible-state',
      `ONNX file: expected one input, the pictures, got ${inputs.length}${
        inputs.length > 1
          ? `: ${inputs
              .map(({ name }) => quoted(name))
              .join(', ')
              .slice(0, 100)}`
          : ''
      }`,
      inputs.length > 1 ? 'A weight that is missing from the file looks like an input too.' : undefined,
    )
  return {
    input: inputs[0],
    nodes: follow(inputs[0].name, readers, graph.nodes.length),
    constant: (name) => constants.get(name),
  }
}

function follow(input: string, readers: ReadonlyMap<string, readonly OnnxNode[]>, limit: number): OnnxNode[] {
  const nodes: OnnxNode[] = []
  let value = input
  for (;;) {
    // A shape that is worked out from the value (x.view(x.size(0), -1)) is no way that the values take.
    const next = (readers.get(value) ?? []).filter(({ opType }) => opType !== 'Shape')
    if (next.length === 0 || (next.length > 1 && next.every(({ opType }) => ENDING.has(opType)))) return nodes
    const [node] = next
    if (next.length > 1) throw cannotRead(node, `the graph branches before it, into ${next.length} ways`)
    if (node.inputs[0] !== value && !(node.opType === 'Add' && node.inputs[1] === value))
      throw cannotRead(node, `its first input is ${quoted(node.inputs[0] ?? '')}, expected what comes before`)
    if (nodes.length >= limit || node.outputs.length === 0) throw corruptOnnx('its graph runs in a circle')
    nodes.push(node)
    value = node.outputs[0]
  }
}
