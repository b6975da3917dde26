import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { message, text, varint } from '../protobuf/write.js'
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
  return joined(modelParts(model))
}

/** Pieces of a message, one after the other: what is large is a piece of its own, the memory that it lies in. */
type Parts = readonly Uint8Array[]

function modelParts(model: OnnxModel): Parts {
  return [
    ...piece((w) => {
      varint(w, 1, IR_VERSION)
      text(w, 2, 'alexnet')
    }),
    ...within(7, graphParts(model.graph)),
    ...piece((w) => {
      message(w, 8, (opset) => varint(opset, 2, model.opset))
      for (const domain of domainsOf(model.graph))
        message(w, 8, (opset) => {
          text(opset, 1, domain)
          varint(opset, 2, 1)
        })
      for (const [key, value] of Object.entries(model.metadata ?? {}))
        message(w, 14, (entry) => {
          text(entry, 1, key)
          text(entry, 2, value)
        })
    }),
  ]
}

function graphParts({ nodes, name, initializers, inputs, outputs }: OnnxGraph): Parts {
  return [
    ...piece((w) => {
      for (const n of nodes) message(w, 1, (entry) => node(entry, n))
      text(w, 2, name)
    }),
    ...Object.entries(initializers).flatMap(([key, value]) => within(5, tensorParts(value, key))),
    ...piece((w) => {
      for (const value of inputs) message(w, 11, (entry) => valueInfo(entry, value))
      for (const value of outputs) message(w, 12, (entry) => valueInfo(entry, value))
    }),
  ]
}

function piece(write: (writer: BinaryWriter) => void): Parts {
  const writer = new BinaryWriter()
  write(writer)
  return [writer.finish()]
}

/** Pieces of a message or of bytes as a field of another. */
function within(field: number, parts: Parts): Parts {
  return [...piece((w) => w.tag(field, WireType.LengthDelimited).uint32(lengthOf(parts))), ...parts]
}

function lengthOf(parts: Parts): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}

function joined(parts: Parts): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthOf(parts))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
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
    message(writer, 5, (w) => w.raw(joined(tensorParts(value.tensor))))
    varint(writer, 20, TENSOR)
  } else {
    for (const item of value) writer.tag(8, WireType.Varint).int64(item)
    varint(writer, 20, INTS)
  }
}

function tensorParts({ shape, dtype, bytes }: OnnxTensor, name?: string): Parts {
  const about = piece((w) => {
    for (const n of shape) w.tag(1, WireType.Varint).int64(n)
    varint(w, 2, dataTypes[dtype])
    if (name !== undefined) text(w, 8, name)
  })
  return [...about, ...within(9, [bytes])]
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
