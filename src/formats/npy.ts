import { AlexNetError } from '../errors.js'
import { formatShape, type Shape, sizeOf, type Tensor } from '../tensor.js'

/**
 * NumPy's file of one array, version 1.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): a magic
 * number, a version, the length of a header, the header as a Python literal, then the values row by row.
 */
const MAGIC = '\x93NUMPY\x01\x00'

/** Room for any shape: a header keeps this length when the number of rows becomes known at the end of writing. */
export const NPY_HEADER_BYTES = 128

/** The beginning of a file of float32 values, little-endian and row-major: `NPY_HEADER_BYTES` bytes. */
export function npyHeader(shape: Shape): Uint8Array {
  const lengths = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${lengths}), }`
  const length = NPY_HEADER_BYTES - MAGIC.length - 2
  const text = `${MAGIC}${String.fromCharCode(length & 0xff, length >> 8)}${header.padEnd(length - 1)}\n`
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** Float32 values as bytes, little-endian on every machine. */
export function npyValues(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i], true)
  return bytes
}

/**
 * Reads a file of float32 values, row-major.
 * @throws AlexNetError `corrupt-data` when it is damaged or holds anything else.
 */
export function decodeNpy(bytes: Uint8Array, origin: string): Tensor<'float32'> {
  const bad = (reason: string) => new AlexNetError('corrupt-data', `${origin}: ${reason}`)
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to))
  if (text(0, MAGIC.length) !== MAGIC) throw bad('expected a NumPy file of version 1.0')
  const start = MAGIC.length + 2 + bytes[MAGIC.length] + 256 * bytes[MAGIC.length + 1]
  const header = text(MAGIC.length + 2, start)
  const match = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(([\d, ]*)\), \}\s*$/.exec(header)
  if (!match) throw bad(`expected float32 values, row-major, got ${header.trim()}`)
  const shape = match[1].split(',').flatMap((length) => (length.trim() === '' ? [] : [Number(length)]))
  const size = sizeOf(shape)
  if (bytes.length - start !== 4 * size)
    throw bad(`expected ${4 * size} bytes of values for ${formatShape(shape)}, got ${bytes.length - start}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset + start)
  return { dtype: 'float32', shape, data: Float32Array.from({ length: size }, (_, i) => view.getFloat32(4 * i, true)) }
}
