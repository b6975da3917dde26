import { aligned } from '../formats/floats.js'
import type { OnnxModel, OnnxTensor } from '../formats/onnx/model.js'
import { type Model, tensorsOf } from '../models/model.js'
import { float32, sameShape, sizeOf, type Tensor, type Tensors } from '../tensor.js'
import { byName, findCandidate } from './candidates.js'
import { pixelTypes } from './export-formats.js'
import { exportOnnx } from './export-onnx.js'
import type { ForeignNetwork } from './foreign-network.js'
import { type NetworkFacts, unpackFacts } from './metadata.js'
import { readOnnxLayers } from './onnx-layers.js'
import type { OnnxLayers } from './onnx-walk.js'

/**
 * The network of an ONNX model. Where this project wrote the file and the graph is still what it wrote, that is told by
 * its metadata; else the graph is read node by node, and what has the layers of a network of the catalogue, dropout aside
 * (exporters leave it out), becomes that network under torchvision's names.
 *
 * @param side The side of the pictures, where the file leaves it open.
 * @throws AlexNetError `incompatible-state`, naming the node that cannot be read.
 */
export function recogniseOnnx(onnx: OnnxModel, side?: number): ForeignNetwork {
  const facts = unpackFacts(onnx.metadata ?? {})
  const state = facts && ownState(onnx, facts)
  if (facts && state) return { ...facts, state }
  const read = readOnnxLayers(onnx, side)
  const model = nameModel(read)
  const tensors = [...read.features, ...read.classifier].flatMap(({ parameters }) => Object.values(parameters))
  return { model, state: Object.fromEntries(tensorsOf(model).map(({ name }, i) => [name, tensors[i]])) }
}

/** The parameters of a file that holds exactly what `exportOnnx` writes for these facts, else undefined. */
function ownState(onnx: OnnxModel, facts: NetworkFacts): Tensors | undefined {
  const state: Record<string, Tensor<'float32'>> = {}
  for (const { name, shape } of tensorsOf(facts.model)) {
    const tensor = Object.hasOwn(onnx.graph.initializers, name) ? onnx.graph.initializers[name] : undefined
    if (tensor?.dtype !== 'float32' || sizeOf(tensor.shape) !== sizeOf(shape)) return undefined
    state[name] = float32(shape, new Float32Array(...aligned(tensor.bytes, 4)))
  }
  for (const preprocess of [undefined, ...pixelTypes])
    for (const probabilities of [false, true])
      if (sameGraph(exportOnnx({ ...facts, state }, { preprocess, probabilities }), onnx, state)) return state
  return undefined
}

/** Nodes, inputs, outputs and all constants but the parameters. */
function sameGraph({ graph: ours }: OnnxModel, { graph: theirs }: OnnxModel, parameters: Tensors): boolean {
  const form = ({ nodes, inputs, outputs }: OnnxModel['graph']) =>
    JSON.stringify([
      nodes.map((node) => ({ ...node, attributes: Object.entries(node.attributes).toSorted(byName).map(asWritten) })),
      inputs,
      outputs,
    ])
  const own = Object.entries(ours.initializers)
  return (
    own.length === Object.keys(theirs.initializers).length &&
    own.every(([name, tensor]) => {
      const other = Object.hasOwn(theirs.initializers, name) ? theirs.initializers[name] : undefined
      return other && sameTensor(tensor, other, Object.hasOwn(parameters, name))
    }) &&
    form(ours) === form(theirs)
  )
}

function sameTensor(a: OnnxTensor, b: OnnxTensor, anyValues: boolean): boolean {
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false
  return anyValues || a.bytes.every((byte, i) => byte === b.bytes[i])
}

/** A real number as the file keeps it. */
function asWritten([name, value]: readonly [string, unknown]): readonly [string, unknown] {
  return typeof value === 'object' && value !== null && 'float' in value
    ? [name, Math.fround(Number(value.float))]
    : [name, value]
}

/** The network of the catalogue that has these layers, else a model of them as they stand. */
function nameModel({ inputShape, features, classifier, classes }: OnnxLayers): Model {
  const own: Model = {
    name: 'imported',
    inputShape,
    classes,
    features: features.map(({ layer }) => layer),
    classifier: classifier.map(({ layer }) => layer),
  }
  return findCandidate(own)?.model ?? own
}
