import { AlexNetError } from './errors.js'

/** Sizes of a tensor's axes, outermost first. A scalar has the shape `[]`. */
export type Shape = readonly number[]

export type DType = 'float32' | 'float64' | 'int32' | 'uint8'

/** The typed array that holds a tensor of each dtype. */
export interface DataOf {
  float32: Float32Array
  float64: Float64Array
  int32: Int32Array
  uint8: Uint8Array
}

export type TensorData = DataOf[DType]

/** A dense row-major array: the last axis varies fastest. Pictures are (N, C, H, W). */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D
  readonly shape: Shape
  readonly data: DataOf[D]
}

/** Tensors by name: a step's inputs and outputs, or a model's state. */
export type Tensors = Readonly<Record<string, Tensor>>

/** The number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1
  for (const n of shape) size *= n
  return size
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i])
}

/** `[64, 3, 11, 11]` → `64×3×11×11`; a scalar reads `scalar`. */
export function formatShape(shape: Shape): string {
  return shape.length === 0 ? 'scalar' : shape.join('×')
}

/**
 * Wraps `data` as a float32 tensor without copying a Float32Array.
 * @throws AlexNetError `invalid-shape` when the number of values does not fit.
 * @example float32([2, 2], [1, 2, 3, 4])
 */
export function float32(shape: Shape, data: Float32Array | readonly number[]): Tensor<'float32'> {
  return checked({ dtype: 'float32', shape, data: data instanceof Float32Array ? data : Float32Array.from(data) })
}

/** Wraps `data` as a float64 tensor, as the reference engine computes in. */
export function float64(shape: Shape, data: Float64Array | readonly number[]): Tensor<'float64'> {
  return checked({ dtype: 'float64', shape, data: data instanceof Float64Array ? data : Float64Array.from(data) })
}

/** Wraps `data` as an int32 tensor, as labels are given. */
export function int32(shape: Shape, data: Int32Array | readonly number[]): Tensor<'int32'> {
  return checked({ dtype: 'int32', shape, data: data instanceof Int32Array ? data : Int32Array.from(data) })
}

/** Wraps `data` as a uint8 tensor, as dropout masks are given. */
export function uint8(shape: Shape, data: Uint8Array | readonly number[]): Tensor<'uint8'> {
  return checked({ dtype: 'uint8', shape, data: data instanceof Uint8Array ? data : Uint8Array.from(data) })
}

/** A float32 scalar, such as the learning rate. */
export function scalar(value: number): Tensor<'float32'> {
  return float32([], [value])
}

/** The only value of a scalar tensor. */
export function scalarValue(tensor: Tensor): number {
  if (tensor.data.length !== 1)
    throw new AlexNetError('invalid-shape', `expected a scalar, got ${formatShape(tensor.shape)}`)
  return tensor.data[0]
}

function checked<T extends Tensor>(tensor: T): T {
  const expected = sizeOf(tensor.shape)
  if (tensor.data.length !== expected)
    throw new AlexNetError(
      'invalid-shape',
      `a tensor of ${formatShape(tensor.shape)} holds ${expected} values, got ${tensor.data.length}`,
    )
  return tensor
}
