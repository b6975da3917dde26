import { AlexNetError } from '../errors.js'

/**
 * How real numbers lie in the files of other programs, little-endian throughout. Typed arrays have the byte order of the
 * machine: little-endian wherever an engine of this project runs.
 */
export const floatBytes = { float64: 8, float32: 4, float16: 2, bfloat16: 2 } as const

export type FloatType = keyof typeof floatBytes

/**
 * Bytes as float32 values. Halves are widened exactly, float64 is rounded; float32 shares the memory of `bytes` where it
 * starts at a multiple of four.
 */
export function floatsOf(bytes: Uint8Array, type: FloatType): Float32Array {
  const view = aligned(bytes, floatBytes[type])
  switch (type) {
    case 'float64':
      return new Float32Array(new Float64Array(...view))
    case 'float32':
      return new Float32Array(...view)
    case 'float16':
      return widenFloat16(new Uint16Array(...view))
    case 'bfloat16':
      return widenBfloat16(new Uint16Array(...view))
  }
}

/** The arguments of a typed array over these bytes: in place, or over a copy where they do not start at a multiple of `size`. */
export function aligned(
  bytes: Uint8Array,
  size: number,
): [buffer: ArrayBufferLike, byteOffset: number, length: number] {
  const { buffer, byteOffset, length } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes)
  return [buffer, byteOffset, Math.floor(length / size)]
}

/**
 * Values as float16, rounded to the nearest (of two that are as near, the even one).
 * @throws AlexNetError `invalid-setting` for a value beyond 65,504, the greatest of float16.
 */
export function narrowToFloat16(values: ArrayLike<number>): Uint16Array {
  const bits = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) bits[i] = toFloat16(values[i])
  return bits
}

function toFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  // Half the way to the next number, which 65,504 has no more, would be rounded up to it.
  if (!(size < 65520))
    throw new AlexNetError('invalid-setting', `${value} is no value of float16, which ends at 65,504`)
  // Below 2^-14 the steps are of one size; above, 1024 to each power of two.
  const exponent = Math.max(-14, Math.floor(Math.log2(size)))
  const steps = roundToEven(size * 2 ** (10 - exponent))
  // Rounding up to the next power of two carries into the exponent by itself, and so does the first normal number.
  return sign | ((exponent + 14) * 1024 + steps)
}

function roundToEven(value: number): number {
  const down = Math.floor(value)
  const rest = value - down
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down
}

/** All values of float16, made at the first use: looking up is many times faster than working out. */
let float16Values: Float32Array | undefined

function widenFloat16(bits: Uint16Array): Float32Array {
  float16Values ??= Float32Array.from({ length: 65536 }, (_, i) => fromFloat16(i))
  const values = new Float32Array(bits.length)
  for (let i = 0; i < bits.length; i++) values[i] = float16Values[bits[i]]
  return values
}

/** 1 bit of sign, 5 of exponent, 10 of fraction. */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = (bits & 1023) / 1024
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15)
}

/** A bfloat16 is the upper half of a float32. */
function widenBfloat16(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length)
  for (let i = 0; i < bits.length; i++) words[i] = bits[i] << 16
  return new Float32Array(words.buffer)
}
