import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../../errors.js'
import { readStoredEntries, readZipDirectory } from './stored-zip.js'

interface Entry {
  readonly name: string
  readonly data: string
  readonly method?: number
  readonly flags?: number
  /** Where the directory says that the entry begins; default: where it does. */
  readonly offset?: number
  /** Bytes that the directory declares, in the file and unpacked. */
  readonly packed?: number
  readonly size?: number
}

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0))
const u16 = (value: number) => [value & 255, value >> 8]
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)]
const u64 = (value: number) => [...u32(value), ...u32(0)]

/** A zip put together by hand; with `wide` all sizes and places stand in fields of 64 bits. */
function zip(entries: readonly Entry[], { wide = false, comment = '' } = {}): Uint8Array {
  const body: number[] = []
  const directory: number[] = []
  for (const { name, data, method = 0, flags = 0, ...declared } of entries) {
    const offset = declared.offset ?? body.length
    const { packed = data.length, size = data.length } = declared
    body.push(...ascii('PK\x03\x04'), ...new Array<number>(22).fill(0), ...u16(name.length), ...u16(2))
    body.push(...ascii(name), 9, 9, ...ascii(data)) // a padding of two bytes stands before the data
    const extra = wide ? [...u16(1), ...u16(24), ...u64(size), ...u64(packed), ...u64(offset)] : []
    const narrow = (value: number) => u32(wide ? 0xffffffff : value)
    directory.push(...ascii('PK\x01\x02'), 0, 0, 0, 0, ...u16(flags), ...u16(method), ...new Array<number>(8).fill(0))
    directory.push(...narrow(packed), ...narrow(size), ...u16(name.length), ...u16(extra.length), 0, 0)
    directory.push(...new Array<number>(8).fill(0), ...narrow(offset), ...ascii(name), ...extra)
  }
  const [start, end] = [body.length, body.length + directory.length]
  const count = entries.length
  const end64 = wide
    ? [
        ...[...ascii('PK\x06\x06'), ...u64(44), ...new Array<number>(12).fill(0), ...u64(count), ...u64(count)],
        ...[...u64(directory.length), ...u64(start), ...ascii('PK\x06\x07'), ...u32(0), ...u64(end), ...u32(1)],
      ]
    : []
  const last = [
    ...[...ascii('PK\x05\x06'), 0, 0, 0, 0, ...u16(count), ...u16(count), ...u32(directory.length), ...u32(start)],
    ...[...u16(comment.length), ...ascii(comment)],
  ]
  return Uint8Array.from([...body, ...directory, ...end64, ...last])
}

const read = (bytes: Uint8Array) =>
  Object.fromEntries(
    [...readStoredEntries(bytes, readZipDirectory(bytes))].map(([name, data]) => [name, String.fromCharCode(...data)]),
  )

const two: Entry[] = [
  { name: 'a', data: 'first' },
  { name: 'b/c', data: 'the second' },
]

describe('a zip of stored entries', () => {
  it.each([
    ['plain', zip(two)],
    ['with fields of 64 bits', zip(two, { wide: true })],
    ['with a comment', zip(two, { comment: 'PK\x05\x06 is no end here' })],
  ])('%s', (_, bytes) => {
    expect(read(bytes)).toEqual({ a: 'first', 'b/c': 'the second' })
  })

  it('gives views of the file', () => {
    const bytes = zip(two)
    for (const data of readStoredEntries(bytes, readZipDirectory(bytes)).values())
      expect(data.buffer).toBe(bytes.buffer)
  })

  it.each<[string, Uint8Array, string]>([
    ['compressed', zip([{ ...two[0], method: 8 }]), '"a" is compressed (method 8)'],
    ['encrypted', zip([{ ...two[0], flags: 1 }]), '"a" is encrypted'],
    ['that grows', zip([{ ...two[0], size: 1_000_000_000 }]), '1000000000 bytes declared, 5 stored'],
    ['beyond the file', zip([{ ...two[0], size: 900, packed: 900 }]), '900 bytes at 33 reach beyond the file'],
    ['of 4 GB', zip([{ ...two[0], size: 0xfffffff0, packed: 0xfffffff0 }]), 'reach beyond the file'],
    ['twice', zip([two[0], two[0]]), 'holds "a" twice'],
    ['that overlaps another', zip([two[0], { ...two[1], name: 'b', offset: 0 }]), 'overlap'],
    ['somewhere else', zip([{ ...two[0], offset: 3 }]), 'is not where the directory says'],
    ['far away', zip([{ ...two[0], offset: 0x7fffffff }]), 'is not where the directory says'],
  ])('refuses an entry %s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(AlexNetError)
    expect(() => read(bytes)).toThrow(message)
  })

  it('refuses a file that is cut off, anywhere', () => {
    for (const bytes of [zip(two), zip(two, { wide: true })])
      for (let length = 0; length < bytes.length; length++)
        expect(() => read(bytes.subarray(0, length))).toThrow(AlexNetError)
  })
})
