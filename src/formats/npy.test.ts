import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../errors.js'
import { decodeNpy, NPY_HEADER_BYTES, npyHeader, npyValues } from './npy.js'

const fileOf = (shape: readonly number[], values: Float32Array) =>
  Uint8Array.from([...npyHeader(shape), ...npyValues(values)])

describe('npy', () => {
  it('is what NumPy writes', () => {
    // numpy.save(file, numpy.array([[1, 2, 3], [-0.5, 0, 4]], 'float32')), NumPy 2.4.6:
    const numpy =
      "\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }                                                          \n"
    const bytes = fileOf([2, 3], Float32Array.of(1, 2, 3, -0.5, 0, 4))
    expect(String.fromCharCode(...bytes.subarray(0, NPY_HEADER_BYTES))).toBe(numpy)
    expect([...bytes.subarray(NPY_HEADER_BYTES, NPY_HEADER_BYTES + 8)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64])
  })

  it('has a header of the same length for any number of rows', () => {
    for (const rows of [0, 1, 10, 123456789]) expect(npyHeader([rows, 4096])).toHaveLength(NPY_HEADER_BYTES)
  })

  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 40 }), (values) => {
        const data = Float32Array.from(values)
        expect(decodeNpy(fileOf([data.length], data), 'x')).toEqual({ dtype: 'float32', shape: [data.length], data })
      }),
    )
  })

  it('that is damaged anywhere is read or refused in one line', () => {
    const good = fileOf([2, 2], Float32Array.of(1, 2, 3, 4))
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (place, value, length) => {
        const bytes = good.slice(0, length)
        if (place < length) bytes[place] = value
        try {
          decodeNpy(bytes, 'x')
        } catch (error) {
          expect(error).toBeInstanceOf(AlexNetError)
          expect((error as AlexNetError).code).toBe('corrupt-data')
        }
      }),
    )
  })
})
