import type { OnnxDType } from './data-types.js'

/** The parts of an ONNX model that this project reads and writes, named as in ONNX's own schema (onnx.proto). */

export type { OnnxDType } from './data-types.js'

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
  /** An axis of any size has a name: `['N', 3, 224, 224]`. */
  readonly shape: readonly (number | string)[]
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
  /** Facts about the model, as text. */
  readonly metadata?: Readonly<Record<string, string>>
  readonly graph: OnnxGraph
}
