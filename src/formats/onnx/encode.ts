import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { dataTypes } from './data-types.js'
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './model.js'

/** AttributeProto.AttributeType */
const FLOAT = 1
const INT = 2
const STRING = 3
const TENSOR = 4
const INTS = 7
/** IR version 8 came with opset 15–18 (ONNX 1.10–1.13); every runtime of the last years reads it. */
const IR_VERSION = 8

/** An ONNX model as the bytes of a .onnx file (protobuf; the numbers below are onnx.proto's field numbers). */
export function encodeOnnx(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter()
  varint(writer, 1, IR_VERSION)
  text(writer, 2, 'alexnet')
  message(writer, 7, (w) => graph(w, model.graph))
  message(writer, 8, (w) => varint(w, 2, model.opset))
  for (const domain of domainsOf(model.graph))
    message(writer, 8, (w) => {
      text(w, 1, domain)
      varint(w, 2, 1)
    })
  for (const [key, value] of Object.entries(model.metadata ?? {}))
    message(writer, 14, (w) => {
      text(w, 1, key)
      text(w, 2, value)
    })
  return writer.finish()
}

function graph(writer: BinaryWriter, { nodes, name, initializers, inputs, outputs }: OnnxGraph): void {
  for (const n of nodes) message(writer, 1, (w) => node(w, n))
  text(writer, 2, name)
  for (const [key, value] of Object.entries(initializers)) message(writer, 5, (w) => tensor(w, value, key))
  for (const value of inputs) message(writer, 11, (w) => valueInfo(w, value))
  for (const value of outputs) message(writer, 12, (w) => valueInfo(w, value))
}

function node(writer: BinaryWriter, { inputs, outputs, name, opType, attributes }: OnnxNode): void {
  for (const input of inputs) text(writer, 1, input)
  for (const output of outputs) text(writer, 2, output)
  text(writer, 3, name)
  const { domain, operator } = domainOf(opType)
  text(writer, 4, operator)
  for (const [key, value] of Object.entries(attributes)) message(writer, 5, (w) => attribute(w, key, value))
  if (domain) text(writer, 7, domain)
}

/** An operator that is not of the standard is named with its domain: `com.microsoft.Gelu`. */
function domainOf(opType: string): { domain: string; operator: string } {
  const dot = opType.lastIndexOf('.')
  return { domain: opType.slice(0, Math.max(dot, 0)), operator: opType.slice(dot + 1) }
}

function domainsOf({ nodes }: OnnxGraph): ReadonlySet<string> {
  return new Set(nodes.map(({ opType }) => domainOf(opType).domain).filter((domain) => domain !== ''))
}

function attribute(writer: BinaryWriter, name: string, value: OnnxAttribute): void {
  text(writer, 1, name)
  if (typeof value === 'number') {
    writer.tag(3, WireType.Varint).int64(value)
    varint(writer, 20, INT)
  } else if (typeof value === 'string') {
    text(writer, 4, value)
    varint(writer, 20, STRING)
  } else if ('float' in value) {
    writer.tag(2, WireType.Bit32).float(value.float)
    varint(writer, 20, FLOAT)
  } else if ('tensor' in value) {
    message(writer, 5, (w) => tensor(w, value.tensor))
    varint(writer, 20, TENSOR)
  } else {
    for (const item of value) writer.tag(8, WireType.Varint).int64(item)
    varint(writer, 20, INTS)
  }
}

function tensor(writer: BinaryWriter, { shape, dtype, bytes }: OnnxTensor, name?: string): void {
  for (const n of shape) writer.tag(1, WireType.Varint).int64(n)
  varint(writer, 2, dataTypes[dtype])
  if (name !== undefined) text(writer, 8, name)
  writer.tag(9, WireType.LengthDelimited).bytes(bytes)
}

function valueInfo(writer: BinaryWriter, { name, dtype, shape }: OnnxValueInfo): void {
  text(writer, 1, name)
  message(writer, 2, (type) =>
    message(type, 1, (tensorType) => {
      varint(tensorType, 1, dataTypes[dtype])
      message(tensorType, 2, (dims) => {
        for (const n of shape)
          message(dims, 1, (dim) => (typeof n === 'string' ? text(dim, 2, n) : dim.tag(1, WireType.Varint).int64(n)))
      })
    }),
  )
}

function message(writer: BinaryWriter, field: number, write: (writer: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  write(writer)
  writer.join()
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value)
}

function varint(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int32(value)
}
