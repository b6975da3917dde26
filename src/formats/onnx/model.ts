/** The parts of an ONNX model that this project writes, named as in ONNX's own schema (onnx.proto). */

export type OnnxDType = 'float32' | 'uint8' | 'int32' | 'int64' | 'bool'

export interface OnnxTensor {
  readonly dtype: OnnxDType
  readonly shape: readonly number[]
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array
}

/** An attribute: a whole number, a list of whole numbers, text, a tensor, or `{ float }` for a real number. */
export type OnnxAttribute =
  | number
  | readonly number[]
  | string
  | { readonly float: number }
  | { readonly tensor: OnnxTensor }

export interface OnnxNode {
  readonly opType: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

export interface OnnxValueInfo {
  readonly name: string
  readonly dtype: OnnxDType
  readonly shape: readonly number[]
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly initializers: Readonly<Record<string, OnnxTensor>>
  readonly inputs: readonly OnnxValueInfo[]
  readonly outputs: readonly OnnxValueInfo[]
}

export interface OnnxModel {
  readonly opset: number
  readonly graph: OnnxGraph
}
