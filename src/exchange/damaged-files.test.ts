import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { thoroughly } from '../../tests/support/thoroughness.js'
import { AlexNetError } from '../errors.js'
import { sizeOf } from '../tensor.js'
import { readNetwork } from './read-network.js'

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../tests/golden/formats/${name}`, import.meta.url)))

/** A change that a disk, a network or an attacker makes to a file of `length` bytes. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), to: fc.nat(255) }),
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), to: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), to: fc.nat(64) }),
  fc.record({ kind: fc.constant('copy' as const), at: fc.nat(), to: fc.nat() }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat(), to: fc.constant(0) }),
  // Lengths and offsets lie in 32 bits: the largest, and small ones.
  fc.record({ kind: fc.constant('word' as const), at: fc.nat(), to: fc.constantFrom(0, 1, 0x7fffffff, 0xffffffff) }),
)

function mutate(bytes: Uint8Array, { kind, at, to }: { kind: string; at: number; to: number }): Uint8Array {
  if (bytes.length === 0) return bytes
  const i = at % bytes.length
  if (kind === 'end') return bytes.slice(0, i)
  if (kind === 'cut') return Uint8Array.from([...bytes.subarray(0, i), ...bytes.subarray(i + to)])
  const changed = bytes.slice()
  if (kind === 'set') changed[i] = to
  if (kind === 'flip') changed[i] ^= 1 << to
  if (kind === 'copy') changed.copyWithin(i, to % bytes.length, (to % bytes.length) + 40)
  if (kind === 'word') for (let b = 0; b < 4 && i + b < bytes.length; b++) changed[i + b] = (to >>> (8 * b)) & 255
  return changed
}

/**
 * The parts of a file that are read as structure: all of it but the numbers in the middle, which any change leaves a
 * well-formed file.
 */
function structured(bytes: Uint8Array): number[] {
  const head = Math.min(bytes.length, 3000)
  const tail = Math.min(bytes.length - head, 3000)
  return [
    ...Array.from({ length: head }, (_, i) => i),
    ...Array.from({ length: tail }, (_, i) => bytes.length - tail + i),
  ]
}

describe.each([
  'zip.pth',
  'legacy.pth',
  'protocol4.pth',
  'nested.pth',
  'half.pth',
  'system.pth',
  'caffe.safetensors',
  'alexnet.onnx',
  'old.onnx',
  'bvlcalexnet.onnx',
])('%s with bytes changed, cut out, copied or cut off', (file) => {
  const original = bytesOf(file)
  const places = structured(original)

  it('is read as whole tensors, or refused in one line', () => {
    let slowest = 0
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        let bytes: Uint8Array = original
        for (const change of mutations) bytes = mutate(bytes, { ...change, at: places[change.at % places.length] })
        const start = process.cpuUsage()
        readsOrRefuses(bytes, file)
        slowest = Math.max(slowest, process.cpuUsage(start).user)
      }),
      { numRuns: thoroughly(100, 400) },
    )
    expect(slowest).toBeLessThan(2_000_000) // microseconds of the processor
  })
})

it('any bytes under any name are refused in one line', () => {
  const name = fc.constantFrom('a.pth', 'a.onnx', 'a.safetensors', 'a', 'a.bin')
  const start = fc.constantFrom([], [0x80, 2], [0x50, 0x4b, 3, 4], [0x08, 0x08, 0x3a], [2, 0, 0, 0, 0, 0, 0, 0, 0x7b])
  fc.assert(
    fc.property(name, start, fc.uint8Array({ maxLength: 200 }), (file, head, rest) =>
      readsOrRefuses(Uint8Array.from([...head, ...rest]), file),
    ),
    { numRuns: thoroughly(1000, 3000) },
  )
})

/** Whatever the bytes: tensors that are whole, or an AlexNetError of one line. Anything else is a bug, and thrown. */
function readsOrRefuses(bytes: Uint8Array, file: string): void {
  try {
    for (const { shape, data } of Object.values(readNetwork(bytes, file, 63).state))
      expect(data.length).toBe(sizeOf(shape))
  } catch (error) {
    if (!(error instanceof AlexNetError)) throw error
    expect(error.message).not.toMatch(/[\r\n]/)
    expect(error.message.length).toBeLessThan(400)
  }
}
