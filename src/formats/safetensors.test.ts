import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../errors.js'
import { float32, float64, int32, type Shape, sizeOf, type Tensor, type Tensors, uint8 } from '../tensor.js'
import { decodeSafetensors, encodeSafetensors, safetensorsParts } from './safetensors.js'

/*
 * Made by Hugging Face's own library (safetensors 0.8.0):
 *
 *     import base64, numpy as np
 *     from safetensors.numpy import save
 *     print(base64.b64encode(save({
 *         "weight": np.array([[1.5, -2, 3e-9], [0.1, -0.0, np.inf]], dtype=np.float32),
 *         "bias": np.array([1 / 3, -7], dtype=np.float64),
 *         "labels": np.array([-1, 2**31 - 1], dtype=np.int32),
 *         "mask": np.array([[0], [255], [1]], dtype=np.uint8),
 *         "half": np.array([1 / 3, -65504, 6e-8, np.nan], dtype=np.float16),
 *         "scalar": np.array(2.5, dtype=np.float32),
 *         "empty": np.zeros((0, 3), dtype=np.float32),
 *     }, {"format": "np", "about": "ä"})).decode())
 */
const fromHuggingFace =
  '0AEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJucCIsImFib3V0Ijoiw6QifSwiYmlhcyI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpb' +
  'Ml0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwiZW1wdHkiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzAsM10sImRhdGFfb2Zmc2V0cyI6WzE2LDE2' +
  'XX0sInNjYWxhciI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbXSwiZGF0YV9vZmZzZXRzIjpbMTYsMjBdfSwid2VpZ2h0Ijp7ImR0eXBlIjoiRjMy' +
  'Iiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNldHMiOlsyMCw0NF19LCJsYWJlbHMiOnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6WzJdLCJkYXRhX29m' +
  'ZnNldHMiOls0NCw1Ml19LCJoYWxmIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOls0XSwiZGF0YV9vZmZzZXRzIjpbNTIsNjBdfSwibWFzayI6eyJk' +
  'dHlwZSI6IlU4Iiwic2hhcGUiOlszLDFdLCJkYXRhX29mZnNldHMiOls2MCw2M119fSAgIFVVVVVVVdU/AAAAAAAAHMAAACBAAADAPwAAAMCPKE4x' +
  'zczMPQAAAIAAAIB//////////39VNf/7AQAAfgD/AQ=='

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

/** A file put together by hand: a header (an object, or its text as it stands) and data. */
function file(header: object | string, data: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

const tensors: Tensors = {
  'features.0.weight': float32([2, 1, 1, 1], [0.5, -0.25]),
  mask: uint8([3], [1, 0, 1]),
  'velocity:features.0.weight': float32([2, 1, 1, 1], [1, 2]),
  mean: float64([], [1 / 3]),
  labels: int32([2], [-1, 9]),
}

describe('safetensors', () => {
  it("reads a file of Hugging Face's library", () => {
    expect(decodeSafetensors(bytesOf(fromHuggingFace))).toEqual({
      metadata: { format: 'np', about: 'ä' },
      tensors: {
        weight: float32([2, 3], [1.5, -2, 3e-9, 0.1, -0, Number.POSITIVE_INFINITY]),
        bias: float64([2], [1 / 3, -7]),
        labels: int32([2], [-1, 2 ** 31 - 1]),
        mask: uint8([3, 1], [0, 255, 1]),
        half: float32([4], [1365 / 4096, -65504, 2 ** -24, Number.NaN]),
        scalar: float32([], [2.5]),
        empty: float32([0, 3], []),
      },
    })
  })

  it('writes what the format says, byte by byte', () => {
    const bytes = encodeSafetensors({ b: uint8([1], [7]), a: float32([2], [1, -2]) }, { k: 'v' })
    const header =
      '{"__metadata__":{"k":"v"},' +
      '"b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8)
    expect(bytes).toEqual(file(padded, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 7]))
  })

  it('gives back what was written, in order, from any place in memory', () => {
    const bytes = encodeSafetensors(tensors, { model: '{"name":"alexnet"}' })
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    for (const written of [bytes, Buffer.from(bytes), shifted.subarray(3)]) {
      const decoded = decodeSafetensors(written)
      expect(decoded).toEqual({ tensors, metadata: { model: '{"name":"alexnet"}' } })
      expect(Object.keys(decoded.tensors)).toEqual(Object.keys(tensors))
    }
    expect(decodeSafetensors(encodeSafetensors({}))).toEqual({ tensors: {}, metadata: {} })
  })

  it('copies nothing: parts are the memory of the tensors, and an aligned file that of the tensors read', () => {
    const parts = safetensorsParts(tensors)
    const buffers = Object.values(tensors).map(({ data }) => data.buffer)
    expect(parts.slice(1).every(({ buffer }) => buffers.includes(buffer))).toBe(true)
    const bytes = encodeSafetensors(tensors)
    for (const { data } of Object.values(decodeSafetensors(bytes).tensors)) expect(data.buffer).toBe(bytes.buffer)
  })

  it('reads every bfloat16 and float16 exactly', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i)
    const halves = (dtype: string) =>
      decodeSafetensors(
        file({ x: { dtype, shape: [65536], data_offsets: [0, 131072] } }, [...new Uint8Array(bits.buffer)]),
      ).tensors.x.data as Float32Array
    const words = new Uint32Array(halves('BF16').buffer)
    expect(words.every((word, i) => word === (i << 16) >>> 0 || (i & 0x7fff) > 0x7f80)).toBe(true)
    const float16 = halves('F16')
    expect(float16[0x3c00]).toBe(1)
    expect(float16[0xfbff]).toBe(-65504)
    expect(float16[0x0001]).toBe(2 ** -24)
    expect(float16[0x03ff]).toBe(1023 * 2 ** -24)
    expect(Object.is(float16[0x8000], -0)).toBe(true)
    expect(float16[0x7c00]).toBe(Number.POSITIVE_INFINITY)
    expect(float16[0xfe00]).toBeNaN()
    // The order of the bits is that of the numbers.
    for (let i = 1; i <= 0x7c00; i++) expect(float16[i]).toBeGreaterThan(float16[i - 1])
  })

  it('writes float16 as NumPy does, rounded to the nearest', () => {
    const written = (values: readonly number[]) => {
      const [header, data] = safetensorsParts({ x: float32([values.length], values) }, {}, new Set(['x']))
      expect(new TextDecoder().decode(header)).toContain('"dtype":"F16"')
      return [...new Uint16Array(data.buffer, data.byteOffset, values.length)]
    }
    // numpy.array([…], dtype=float32).astype(float16).view(uint16)
    const bits: readonly [number, number][] = [
      [1 / 3, 13653],
      [-1 / 3, 46421],
      [0.1, 11878],
      [1023.7, 25599],
      [0.99999, 15360],
      [65504, 31743],
      [65519.99, 31743],
      [-0, 32768],
      [2049, 26624],
      [2051, 26626],
      [2 ** -24, 1],
      [2 ** -25, 0],
      [2 ** -25 * 1.0001, 1],
      [3 * 2 ** -25, 2],
      [6.1e-5, 1023],
      [1e-30, 0],
    ]
    expect(written(bits.map(([value]) => value))).toEqual(bits.map(([, code]) => code))
    for (const value of [65520, -1e9, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => written([value])).toThrow(expect.objectContaining({ code: 'invalid-setting' }))
  })

  it('gives back every finite float16 that it has written, beside tensors of other types', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((word) => (word & 0x7c00) !== 0x7c00)
    const read = (bytes: Uint8Array) => decodeSafetensors(bytes).tensors
    const half = read(
      file({ x: { dtype: 'F16', shape: [bits.length], data_offsets: [0, 2 * bits.length] } }, [
        ...new Uint8Array(bits.buffer),
      ]),
    )
    const parts = safetensorsParts(
      { ...half, odd: uint8([3], [1, 2, 3]), whole: float32([1], [0.1]) },
      {},
      new Set(['x']),
    )
    const again = read(Buffer.concat(parts))
    expect(again.x).toEqual(half.x)
    expect(again.odd).toEqual(uint8([3], [1, 2, 3]))
    expect(again.whole).toEqual(float32([1], [0.1]))
  })

  const f32 = (begin: number, end: number, shape: Shape = [(end - begin) / 4]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  })
  const zeros = (length: number) => new Array<number>(length).fill(0)
  const tooLong = new Uint8Array(16)
  new DataView(tooLong.buffer).setBigUint64(0, 2n ** 63n + 5n, true)

  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'file: expected at least 8 bytes, got 0'],
    ['a file of a few bytes', new Uint8Array(7), 'file: expected at least 8 bytes, got 7'],
    ['a header longer than the file', file('{}').subarray(0, 9), 'header: expected at most 1 bytes, got 2'],
    ['a header of absurd length', tooLong, 'header: expected at most 8 bytes, got 9223372036854776000'],
    ['an empty header', file(''), 'header: expected JSON, got something else'],
    ['no JSON', file('{"a":\n'), 'header: expected JSON, got something else'],
    ['a byte order mark', file('\ufeff{}'), 'header: expected JSON, got something else'],
    ['no UTF-8', file('{"ä":1}').with(10, 0xff), 'header: expected JSON, got something else'],
    ['a list', file('[]'), 'header: expected a JSON object, got []'],
    ['null', file('null'), 'header: expected a JSON object, got null'],
    ['an unknown dtype', file({ x: { ...f32(0, 4), dtype: 'C64' } }, zeros(4)), '"x": expected dtype F64, F32, F16'],
    ['a dtype that every object has', file({ x: { ...f32(0, 4), dtype: 'toString' } }, zeros(4)), 'got "toString"'],
    ['no dtype', file({ x: { shape: [], data_offsets: [0, 4] } }, zeros(4)), 'expected {dtype, shape, data_offsets}'],
    ['a field too many', file({ x: { ...f32(0, 4), y: 1 } }, zeros(4)), 'expected {dtype, shape, data_offsets}'],
    ['no tensor', file({ x: null }), 'tensor "x": expected {dtype, shape, data_offsets}, got null'],
    ['a negative axis', file({ x: f32(0, 4, [-1]) }, zeros(4)), 'expected {dtype, shape, data_offsets}'],
    ['a broken axis', file({ x: f32(0, 4, [1.5]) }, zeros(4)), 'expected {dtype, shape, data_offsets}'],
    ['axes beyond all numbers', file({ x: f32(0, 4, [2 ** 50, 2 ** 50]) }, zeros(4)), 'bytes for F32'],
    ['a shape of another size', file({ x: f32(0, 8, [3]) }, zeros(8)), '"x": expected 12 bytes for F32 3, got 8'],
    ['offsets beyond the data', file({ x: f32(0, 8) }, zeros(4)), '"x": expected offsets within 4 bytes, got 0 to 8'],
    [
      'offsets the wrong way',
      file({ x: f32(4, 0, [1]) }, zeros(4)),
      '"x": expected offsets within 4 bytes, got 4 to 0',
    ],
    ['three offsets', file({ x: { ...f32(0, 4), data_offsets: [0, 4, 4] } }, zeros(4)), '{dtype, shape, data_offsets}'],
    ['an overlap', file({ x: f32(0, 8), y: f32(4, 8) }, zeros(8)), '"y": expected a start at 8, got 4 (it overlaps'],
    [
      'a tensor twice',
      file({ x: f32(0, 4), y: f32(0, 4) }, zeros(4)),
      '"y": expected a start at 4, got 0 (it overlaps',
    ],
    ['a hole', file({ x: f32(0, 4), y: f32(8, 12) }, zeros(12)), '"y": expected a start at 4, got 8 (a hole)'],
    ['a hole at the start', file({ x: f32(4, 8) }, zeros(8)), '"x": expected a start at 0, got 4 (a hole)'],
    ['bytes left over', file({ x: f32(0, 4) }, zeros(5)), 'data: expected 4 bytes, got 5'],
    [
      'a name twice',
      file(`{"x":${JSON.stringify(f32(0, 4))},"\\u0078":${JSON.stringify(f32(0, 4))}}`, zeros(4)),
      'header: expected each name once, got "x" twice',
    ],
    [
      'a field twice',
      file('{"x":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', zeros(4)),
      'each name once, got "dtype" twice',
    ],
    ['a tensor named __proto__', file(`{"__proto__":${JSON.stringify(f32(0, 4))}}`, zeros(4)), 'got "__proto__"'],
    ['metadata named __proto__', file('{"__metadata__":{"__proto__":"x"}}'), 'got "__proto__"'],
    ['metadata that is no text', file({ __metadata__: { step: 1 } }), '__metadata__: expected texts by name'],
    ['metadata that is a list', file({ __metadata__: ['a'] }), '__metadata__: expected texts by name, got ["a"]'],
    ['a name of two lines', file({ 'a\nb': null }), 'tensor "a\\nb": expected'],
  ])('refuses %s', (_, bytes, message) => {
    expect(failure(() => decodeSafetensors(bytes))).toContain(message)
  })

  it.each([
    () => safetensorsParts({ __metadata__: float32([], [1]) }),
    () => safetensorsParts(Object.fromEntries([['__proto__', float32([], [1])]])),
    () => safetensorsParts({}, Object.fromEntries([['__proto__', 'x']])),
  ])('refuses to write names that could not be read (%#)', (write) => {
    expect(write).toThrow(AlexNetError)
  })

  const name = fc.string({ unit: 'binary' }).filter((text) => text !== '__metadata__' && text !== '__proto__')
  const anyTensor: fc.Arbitrary<Tensor> = fc
    .tuple(fc.array(fc.nat({ max: 3 }), { maxLength: 4 }), fc.constantFrom('float32', 'float64', 'int32', 'uint8'))
    .chain(([shape, dtype]): fc.Arbitrary<Tensor> => {
      const length = { minLength: sizeOf(shape), maxLength: sizeOf(shape) }
      if (dtype === 'float32') return fc.float32Array(length).map((data) => float32(shape, data))
      if (dtype === 'float64') return fc.float64Array(length).map((data) => float64(shape, data))
      if (dtype === 'int32') return fc.int32Array(length).map((data) => int32(shape, data))
      return fc.uint8Array(length).map((data) => uint8(shape, data))
    })
  const anyFile = fc.record({
    tensors: fc.dictionary(name, anyTensor, { noNullPrototype: true, maxKeys: 5 }),
    metadata: fc.dictionary(name, fc.string({ unit: 'binary' }), { noNullPrototype: true, maxKeys: 3 }),
  })

  it('gives back any tensors and metadata', () => {
    fc.assert(
      fc.property(anyFile, (content) => {
        expect(decodeSafetensors(encodeSafetensors(content.tensors, content.metadata))).toEqual(content)
      }),
    )
  })

  it('reads bytes that were changed, cut off or added to, or refuses them in one line', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) })
    fc.assert(
      fc.property(
        anyFile,
        fc.array(change, { maxLength: 4 }),
        fc.integer({ min: -40, max: 8 }),
        (content, changes, more) => {
          const original = encodeSafetensors(content.tensors, content.metadata)
          const bytes = new Uint8Array(Math.max(0, original.length + more))
          bytes.set(original.subarray(0, bytes.length))
          for (const { at, byte } of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte
          decodesOrRefuses(bytes)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('reads headers of any content, or refuses them in one line', () => {
    const number = fc.oneof(fc.nat({ max: 12 }), fc.integer(), fc.double())
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'U8', 'F16', 'BF16', 'I32', 'F64', 'I64', '__proto__'), fc.string()),
        shape: fc.oneof(fc.array(number, { maxLength: 3 }), fc.jsonValue()),
        data_offsets: fc.oneof(fc.tuple(number, number), fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    const key = fc.oneof(fc.string(), fc.constantFrom('__metadata__', '__proto__', 'constructor'))
    const header = fc.dictionary(key, fc.oneof(entry, fc.jsonValue()), { maxKeys: 3 })
    fc.assert(
      fc.property(header, fc.nat({ max: 16 }), (json, length) => decodesOrRefuses(file(json, zeros(length)))),
      { numRuns: 2000 },
    )
  })
})

/** Whatever the bytes: tensors that are whole, or an AlexNetError of one line. */
function decodesOrRefuses(bytes: Uint8Array): void {
  try {
    const decoded = decodeSafetensors(bytes)
    for (const { shape, data } of Object.values(decoded.tensors)) expect(data.length).toBe(sizeOf(shape))
    for (const text of Object.values(decoded.metadata)) expect(text).toBeTypeOf('string')
  } catch (error) {
    expectOneLine(error)
  }
}

function failure(read: () => void): string {
  try {
    read()
  } catch (error) {
    return expectOneLine(error)
  }
  throw new Error('it was read')
}

function expectOneLine(error: unknown): string {
  if (!(error instanceof AlexNetError)) throw error
  expect(error.code).toBe('corrupt-data')
  expect(error.message).toMatch(/^safetensors: .*: expected .*, got .*$/s)
  expect(error.message).not.toMatch(/[\r\n]/)
  return error.message
}
