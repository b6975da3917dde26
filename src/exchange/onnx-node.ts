import { AlexNetError } from '../errors.js'
import type { OnnxNode, OnnxTensor } from '../formats/onnx/model.js'
import { quoted } from '../formats/quoted.js'

/** What stands in the way of reading a graph as layers, in one line. */
export function cannotRead(node: OnnxNode, what: string): AlexNetError {
  return new AlexNetError(
    'incompatible-state',
    `ONNX file: node ${quoted(node.name || node.outputs[0])} (${quoted(node.opType).slice(1, -1)}): ${what}`,
    'Read are AlexNets of Conv, Relu, Tanh, LRN, MaxPool, AveragePool, Flatten, Gemm and the like: see docs/formats.md.',
  )
}

/** A whole number. */
export function integer(node: OnnxNode, name: string, otherwise: number): number {
  const value = node.attributes[name] ?? otherwise
  if (typeof value !== 'number') throw cannotRead(node, `its ${name} is no whole number`)
  return value
}

/**
 * A real number. Files keep it in 32 bits: 1e-4 becomes 9.999999747378752e-5. The shortest decimal that gives the same 32
 * bits is what the author wrote.
 */
export function real(node: OnnxNode, name: string, otherwise: number): number {
  const value = node.attributes[name]
  if (value === undefined) return otherwise
  if (typeof value !== 'object' || !('float' in value)) throw cannotRead(node, `its ${name} is no real number`)
  return shortest(value.float)
}

/** The shortest decimal with the same float32. */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === Math.fround(value)) return short
  }
  return value
}

/** A list of whole numbers that are all equal, as the sides of a square window are; returns that number. */
export function square(node: OnnxNode, name: string, otherwise?: number): number {
  const value = node.attributes[name]
  if (value === undefined && otherwise !== undefined) return otherwise
  if (!Array.isArray(value) || value.length === 0 || !value.every((n) => n === value[0]))
    throw cannotRead(node, `its ${name} is ${value === undefined ? 'missing' : quoted(value)}, expected a square`)
  return value[0] as number
}

/** The only value of a constant. */
export function singleFloat(tensor: OnnxTensor): number | undefined {
  if (tensor.dtype !== 'float32' || tensor.bytes.length !== 4) return undefined
  return new DataView(tensor.bytes.buffer, tensor.bytes.byteOffset, 4).getFloat32(0, true)
}
