import type { VersionConstants } from './constants.js'
import type { PrimitiveSpec } from './types.js'

/** What differs between the two C interfaces. */
export interface VersionLayer {
  readonly constants: VersionConstants
  stridedDesc(dims: BigInt64Array, type: number, strides: BigInt64Array): Uint8Array | bigint
  anyDesc(dims: BigInt64Array, type: number): Uint8Array | bigint
  destroyDesc(handle: Uint8Array | bigint): void
  /**
   * Writes the handle of a new primitive descriptor to `out`; returns the status.
   * @param choice 0: oneDNN's first implementation; 1: its second, and so on.
   */
  primitiveDesc(out: BigInt64Array, engine: bigint, spec: PrimitiveSpec, attributes: bigint, choice: number): number
  appendSum(postOps: bigint, scale: number): number
  appendEltwise(postOps: bigint, algorithm: number, alpha: number, beta: number): number
}

export function int64(numbers: readonly number[]): BigInt64Array {
  return BigInt64Array.from(numbers, BigInt)
}
