import { AlexNetError } from '../errors.js'
import type { OnnxModel } from '../formats/onnx/model.js'
import { formatShape } from '../tensor.js'
import { chainOf, type OnnxChain } from './onnx-graph.js'
import { cannotRead } from './onnx-node.js'
import { onnxReaders } from './onnx-readers.js'
import { type OnnxLayers, Walk } from './onnx-walk.js'

/**
 * Reads an ONNX graph as layers.
 *
 * @param side The side of the pictures, where the file leaves it open.
 * @throws AlexNetError `incompatible-state` that names the node: an operator that is not supported, a weight that is
 *   missing, a setting that no layer has.
 */
export function readOnnxLayers({ graph }: OnnxModel, side?: number): OnnxLayers {
  const chain = chainOf(graph)
  const walk = new Walk(chain, pictureShape(chain, side))
  chain.nodes.forEach((node, i) => {
    const read = Object.hasOwn(onnxReaders, node.opType) ? onnxReaders[node.opType] : undefined
    if (!read) throw cannotRead(node, 'this operator is not supported')
    read(walk, node, chain.nodes[i + 1])
  })
  return walk.layers()
}

function pictureShape({ input }: OnnxChain, side?: number): number[] {
  const [, channels, ...sides] = input.shape
  const [height, width] = sides.map((size) => (typeof size === 'number' && size > 0 ? size : side))
  if (input.shape.length !== 4 || channels !== 3)
    throw new AlexNetError(
      'incompatible-state',
      `ONNX file: its input is ${formatShape(input.shape as number[])}, expected pictures (N, 3, H, W)`,
    )
  if (height === undefined || width === undefined || height > 10_000 || width > 10_000)
    throw new AlexNetError(
      'incompatible-state',
      'ONNX file: it leaves the size of its pictures open',
      'Give their side: --image-size 224.',
    )
  return [3, height, width]
}
