import { sizeOf } from '../../tensor.js'
import { type FloatType, floatBytes, floatsOf } from '../floats.js'
import { quoted } from '../quoted.js'
import { corrupt } from './corrupt.js'

/** What PyTorch calls a storage: numbers in a row, which tensors are views of. */
export interface Storage {
  readonly key: string
  /** The class's name in PyTorch: `FloatStorage`. */
  readonly type: string
  /** Its number of elements. */
  readonly length: number
  /** A part of another storage, as old files have them: its own first element there. */
  readonly offset: number
}

/** A tensor as PyTorch keeps it: element (i, j, …) is number offset + i·strides[0] + j·strides[1] + … of the storage. */
export class TensorView {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

const floatTypes: Readonly<Record<string, FloatType>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
}
/** Bytes an element of those that can be stored, but are no weights. */
const otherBytes: Readonly<Record<string, number>> = {
  LongStorage: 8,
  IntStorage: 4,
  ShortStorage: 2,
  CharStorage: 1,
  ByteStorage: 1,
  BoolStorage: 1,
  ComplexDoubleStorage: 16,
  ComplexFloatStorage: 8,
}

/** The classes of storages that a file may name. */
export const storageTypes: readonly string[] = [...Object.keys(floatTypes), ...Object.keys(otherBytes)]

/** True for a storage of real numbers. */
export function isFloatStorage(type: string): boolean {
  return type in floatTypes
}

/** The bytes of an element of a storage. */
export function storageElementBytes(type: string): number {
  return isFloatStorage(type) ? floatBytes[floatTypes[type]] : otherBytes[type]
}

/**
 * Turns views into rows of float32 values, one after the other.
 *
 * Memory: a storage of float32 that lies well in the file is not copied, nor is a view of it without gaps. What must be
 * copied is bounded: all tensors of a file together hold no more values than the file has bytes, so neither a stride of 0
 * nor a thousand views of one storage grow beyond it.
 */
export class StorageReader {
  private readonly converted = new Map<string, Float32Array>()
  private valuesLeft: number

  /**
   * @param bytesOf The bytes of a storage by its key; undefined when the file lacks it.
   * @param fileBytes The size of the whole file.
   */
  constructor(
    private readonly bytesOf: (key: string) => Uint8Array | undefined,
    fileBytes: number,
  ) {
    this.valuesLeft = fileBytes
  }

  /** The values of a tensor, row-major. */
  read(name: string, { storage, offset, shape, strides }: TensorView): Float32Array {
    const what = `tensor ${quoted(name)}`
    const size = sizeOf(shape)
    if (size > this.valuesLeft) throw corrupt(`${what} of ${shape.join('×')} holds more values than the file has bytes`)
    this.valuesLeft -= size
    const values = this.valuesOf(what, storage)
    const first = storage.offset + offset
    const last = size === 0 ? first : first + shape.reduce((sum, n, i) => sum + (n - 1) * strides[i], 0)
    const end = storage.offset + storage.length
    if (end > values.length || (size > 0 && last >= end))
      throw corrupt(`${what} reaches element ${last} of a storage that holds ${Math.min(end, values.length)}`)
    return isContiguous(shape, strides)
      ? values.subarray(first, first + size)
      : gather(values, first, shape, strides, size)
  }

  private valuesOf(what: string, { key, type }: Storage): Float32Array {
    const known = this.converted.get(key)
    if (known) return known
    const floatType = floatTypes[type]
    if (!floatType)
      throw corrupt(
        `${what} is of ${type}, expected real numbers (float32, float64, float16, bfloat16)`,
        'Convert quantised or whole-number weights to float32 before saving.',
      )
    const bytes = this.bytesOf(key)
    if (!bytes) throw corrupt(`the data of ${what} (storage ${quoted(key)}) are missing`)
    const values = floatsOf(bytes, floatType)
    this.converted.set(key, values)
    return values
  }
}

/** Row-major without gaps. Axes of one element have any stride. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false
    expected *= shape[axis]
  }
  return true
}

function gather(
  values: Float32Array,
  first: number,
  shape: readonly number[],
  strides: readonly number[],
  size: number,
): Float32Array {
  const result = new Float32Array(size)
  const index = new Array<number>(shape.length).fill(0)
  let from = first
  for (let to = 0; to < size; to++) {
    result[to] = values[from]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]
      if (++index[axis] < shape[axis]) break
      from -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
  return result
}
