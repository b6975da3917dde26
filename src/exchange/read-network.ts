import { AlexNetError } from '../errors.js'
import { decodeOnnx } from '../formats/onnx/decode.js'
import { decodePytorch, isZip } from '../formats/pytorch/decode.js'
import { isCounter } from '../formats/pytorch/state-dict.js'
import { quoted } from '../formats/quoted.js'
import { decodeSafetensors } from '../formats/safetensors.js'
import { checkParameters, decodeCheckpoint, networkState } from '../runs/checkpoint.js'
import { float32, type Tensor, type Tensors } from '../tensor.js'
import type { ForeignNetwork } from './foreign-network.js'
import { unpackFacts } from './metadata.js'
import { recogniseOnnx } from './recognise-onnx.js'
import { recogniseState } from './recognise-state.js'

/** The formats that weights are read from. */
export type WeightsFormat = 'pytorch' | 'safetensors' | 'onnx'

/**
 * Reads a network from another program's file: PyTorch's (.pth, .pt), safetensors or ONNX. What it is, is told by its
 * bytes; which network, by names and shapes, or for ONNX by the graph.
 *
 * @param file Its name, for messages.
 * @param side The side of the network's pictures, where the file does not tell it.
 * @throws AlexNetError `corrupt-data` for a file that is damaged or of another kind, `incompatible-state` for a network
 *   that is not known here.
 * @example const { model, state } = readNetwork(await readFile('alexnet.pth'), 'alexnet.pth')
 */
export function readNetwork(bytes: Uint8Array, file: string, side?: number): ForeignNetwork {
  try {
    const network = readers[formatOf(bytes, file)](bytes, file, side)
    expectFinite(network.state)
    return network
  } catch (error) {
    if (!(error instanceof AlexNetError) || error.message.startsWith(file)) throw error
    throw new AlexNetError(error.code, `${file}: ${error.message}`, error.hint, { cause: error })
  }
}

const readers: Readonly<Record<WeightsFormat, (bytes: Uint8Array, file: string, side?: number) => ForeignNetwork>> = {
  pytorch: (bytes, _file, side) => recogniseState(decodePytorch(bytes), side),
  safetensors: readSafetensors,
  onnx: (bytes, _file, side) => recogniseOnnx(decodeOnnx(bytes), side),
}

function readSafetensors(bytes: Uint8Array, file: string, side?: number): ForeignNetwork {
  const { tensors, metadata } = decodeSafetensors(bytes)
  if (metadata.format?.startsWith('alexnet-checkpoint')) {
    const { model, classes, preprocessing, state } = decodeCheckpoint(bytes, file)
    return { model, classes, preprocessing, state: networkState(model, state) }
  }
  const weights = Object.entries(tensors).filter(([name]) => !isCounter(name))
  const state = Object.fromEntries(weights.map(([name, tensor]) => [name, asFloat32(name, tensor)]))
  const facts = unpackFacts(metadata)
  if (!facts) return recogniseState(state, side)
  checkParameters(facts.model, state)
  return { ...facts, state }
}

function asFloat32(name: string, { dtype, shape, data }: Tensor): Tensor<'float32'> {
  if (dtype === 'float32') return float32(shape, data as Float32Array)
  if (dtype === 'float64') return float32(shape, new Float32Array(data))
  throw new AlexNetError(
    'corrupt-data',
    `tensor ${quoted(name)} is ${dtype}, expected real numbers (F32, F64, F16, BF16)`,
    'Convert quantised or whole-number weights to float32 before saving.',
  )
}

function formatOf(bytes: Uint8Array, file: string): WeightsFormat {
  const extension = /\.(\w+)$/.exec(file)?.[1].toLowerCase()
  if (isZip(bytes) || bytes[0] === 0x80) return 'pytorch' // a zip, or the first instruction of a pickle
  if (extension === 'pth' || extension === 'pt' || extension === 'bin') return 'pytorch'
  if (extension === 'safetensors') return 'safetensors'
  if (extension === 'onnx') return 'onnx'
  if (bytes[8] === 0x7b) return 'safetensors' // behind its length, the header's first brace
  if (bytes[0] === 0x08) return 'onnx' // the version of its format, its first field
  throw new AlexNetError(
    'corrupt-data',
    'this is no file of weights that can be read',
    'Read are PyTorch files (.pth, .pt), safetensors (.safetensors) and ONNX (.onnx).',
  )
}

/** A weight that is no number spoils every result without a word. */
function expectFinite(state: Tensors): void {
  for (const [name, { data }] of Object.entries(state)) {
    let sum = 0
    for (let i = 0; i < data.length; i++) sum += data[i]
    if (!Number.isFinite(sum))
      throw new AlexNetError('corrupt-data', `tensor ${quoted(name)} holds values that are no finite numbers`)
  }
}
