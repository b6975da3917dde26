import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { AlexNetError, messageOf } from '../../errors.js'
import { formatShape, sizeOf } from '../../tensor.js'
import { MessageReader } from '../protobuf/read.js'
import { quoted } from '../quoted.js'
import { dataTypes, elementBytes, type OnnxDType } from './data-types.js'
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './model.js'

/**
 * Reads the bytes of a .onnx file (protobuf; the numbers below are onnx.proto's field numbers). Tensors share the memory
 * of `bytes` where their values lie in one piece. Lengths are held against the bytes that are left before anything is
 * made of them.
 *
 * What the project's models cannot use is left out: attributes that hold graphs, training information, functions.
 *
 * @throws AlexNetError `corrupt-data` when it is damaged, or keeps its tensors in other files.
 */
export function decodeOnnx(bytes: Uint8Array): OnnxModel {
  try {
    return model(new MessageReader(), new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length))
  } catch (error) {
    if (error instanceof AlexNetError || error instanceof TypeError) throw error
    // What the protobuf reader throws at bytes that are none.
    throw new AlexNetError(
      'corrupt-data',
      `ONNX file: it is damaged or none (${messageOf(error)})`,
      'The file is damaged, cut off or of another format.',
      { cause: error },
    )
  }
}

/** What is wrong with an ONNX file, in one line. */
export function corruptOnnx(what: string, hint?: string): AlexNetError {
  return new AlexNetError('corrupt-data', `ONNX file: ${what}`, hint)
}

function model(m: MessageReader, bytes: Uint8Array): OnnxModel {
  let opset = 0
  let graphBytes: Uint8Array | undefined
  const metadata: [string, string][] = []
  m.fields(bytes, {
    7: (r) => {
      graphBytes = r.bytes()
    },
    8: (r) => {
      let domain = ''
      let version = 0
      m.fields(r.bytes(), { 1: (o) => (domain = o.string()), 2: (o) => (version = Number(o.int64())) })
      if (domain === '' || domain === 'ai.onnx') opset = version
    },
    14: (r) => {
      let [key, value] = ['', '']
      m.fields(r.bytes(), { 1: (p) => (key = p.string()), 2: (p) => (value = p.string()) })
      if (key !== '__proto__') metadata.push([key, value])
    },
  })
  if (!graphBytes) throw corruptOnnx('it holds no graph', 'The file is damaged, cut off or of another format.')
  return { opset, metadata: Object.fromEntries(metadata), graph: graph(m, graphBytes) }
}

function graph(m: MessageReader, bytes: Uint8Array): OnnxGraph {
  let name = ''
  const nodes: OnnxNode[] = []
  const initializers = new Map<string, OnnxTensor>()
  const inputs: OnnxValueInfo[] = []
  const outputs: OnnxValueInfo[] = []
  m.fields(bytes, {
    1: (r) => nodes.push(node(m, r.bytes())),
    2: (r) => (name = r.string()),
    5: (r) => {
      const { name, tensor } = namedTensor(m, r.bytes())
      if (name === '__proto__') throw corruptOnnx("a tensor cannot be named '__proto__'")
      if (initializers.has(name)) throw corruptOnnx(`it holds the tensor ${quoted(name)} twice`)
      initializers.set(name, tensor)
    },
    11: (r) => inputs.push(valueInfo(m, r.bytes())),
    12: (r) => outputs.push(valueInfo(m, r.bytes())),
  })
  return { name, nodes, initializers: Object.fromEntries(initializers), inputs, outputs }
}

function node(m: MessageReader, bytes: Uint8Array): OnnxNode {
  const inputs: string[] = []
  const outputs: string[] = []
  let [name, opType, domain] = ['', '', '']
  const attributes: [string, OnnxAttribute][] = []
  m.fields(bytes, {
    1: (r) => inputs.push(r.string()),
    2: (r) => outputs.push(r.string()),
    3: (r) => (name = r.string()),
    4: (r) => (opType = r.string()),
    5: (r) => {
      const [key, value] = attribute(m, r.bytes())
      if (value !== undefined && key !== '__proto__') attributes.push([key, value])
    },
    7: (r) => (domain = r.string()),
  })
  const standard = domain === '' || domain === 'ai.onnx'
  return {
    opType: standard ? opType : `${domain}.${opType}`,
    name,
    inputs,
    outputs,
    attributes: Object.fromEntries(attributes),
  }
}

/** By AttributeProto.AttributeType: some writers leave a zero out. */
const defaults: Readonly<Record<number, OnnxAttribute | undefined>> = { 1: { float: 0 }, 2: 0, 3: '', 7: [] }

function attribute(m: MessageReader, bytes: Uint8Array): [name: string, value: OnnxAttribute | undefined] {
  let name = ''
  let value: OnnxAttribute | undefined
  let type = 0
  const ints: number[] = []
  m.fields(bytes, {
    1: (r) => (name = r.string()),
    2: (r) => (value = { float: r.float() }),
    3: (r) => (value = Number(r.int64())),
    4: (r) => (value = r.string()),
    5: (r) => (value = { tensor: namedTensor(m, r.bytes()).tensor }),
    8: m.varints((v) => ints.push(Number(v.int64()))),
    20: (r) => (type = r.int32()),
  })
  if (ints.length > 0) return [name, ints]
  return [name, value ?? defaults[type]]
}

const names = new Map(Object.entries(dataTypes).map(([name, number]) => [number as number, name as OnnxDType]))

function namedTensor(m: MessageReader, bytes: Uint8Array): { name: string; tensor: OnnxTensor } {
  const shape: number[] = []
  let type = 0
  let name = ''
  let raw: Uint8Array | undefined
  let isExternal = false
  const floats: Uint8Array[] = []
  const doubles: Uint8Array[] = []
  const integers: bigint[] = []
  const integer = (r: BinaryReader) => integers.push(BigInt(r.int64()))
  m.fields(bytes, {
    1: m.varints((v) => shape.push(Number(v.int64()))),
    2: (r) => (type = r.int32()),
    4: m.fixed(floats, WireType.Bit32),
    5: m.varints(integer), // int32_data: also halves, bytes and bools
    7: m.varints(integer),
    8: (r) => (name = r.string()),
    9: (r) => (raw = r.bytes()),
    10: m.fixed(doubles, WireType.Bit64),
    14: (r) => (isExternal = r.int32() === 1),
  })
  const what = `tensor ${quoted(name)}`
  if (isExternal)
    throw corruptOnnx(
      `${what} lies in another file`,
      'Save the model in one file: onnx.save(onnx.load(FILE), FILE2, save_as_external_data=False).',
    )
  const dtype = names.get(type)
  if (!dtype) throw corruptOnnx(`${what} is of data type ${type}, expected one of ${Object.keys(dataTypes).join(', ')}`)
  if (shape.length > 64 || !shape.every((n) => Number.isSafeInteger(n) && n >= 0))
    throw corruptOnnx(`${what} has a negative or endless axis`)
  const data = raw ?? joined([...floats, ...doubles]) ?? packIntegers(integers, dtype)
  const expected = sizeOf(shape) * elementBytes[dtype]
  if (data.length !== expected)
    throw corruptOnnx(`${what}: expected ${expected} bytes for ${dtype} ${formatShape(shape)}, got ${data.length}`)
  return { name, tensor: { dtype, shape, bytes: data } }
}

function joined(parts: readonly Uint8Array[]): Uint8Array | undefined {
  if (parts.length <= 1) return parts[0]
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Whole numbers that stood one by one, in the width of their type. */
function packIntegers(integers: readonly bigint[], dtype: OnnxDType): Uint8Array {
  const width = elementBytes[dtype]
  const bytes = new Uint8Array(integers.length * width)
  integers.forEach((value, i) => {
    for (let b = 0; b < width; b++) bytes[i * width + b] = Number((value >> BigInt(8 * b)) & 0xffn)
  })
  return bytes
}

function valueInfo(m: MessageReader, bytes: Uint8Array): OnnxValueInfo {
  let name = ''
  let dtype: OnnxDType = 'float32'
  const shape: (number | string)[] = []
  const dimension = (bytes: Uint8Array) => {
    let size: number | string = ''
    m.fields(bytes, { 1: (r) => (size = Number(r.int64())), 2: (r) => (size = r.string()) })
    shape.push(size)
  }
  const tensorType = (bytes: Uint8Array) =>
    m.fields(bytes, {
      1: (r) => (dtype = names.get(r.int32()) ?? 'float32'),
      2: (r) => m.fields(r.bytes(), { 1: (dims) => dimension(dims.bytes()) }),
    })
  m.fields(bytes, {
    1: (r) => (name = r.string()),
    2: (r) => m.fields(r.bytes(), { 1: (type) => tensorType(type.bytes()) }),
  })
  return { name, dtype, shape }
}
