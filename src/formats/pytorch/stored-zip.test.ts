import { describe, expect, it } from 'vitest'
import { type ZipTestEntry as Entry, storedZip as zip } from '../../../tests/support/stored-zip.js'
import { AlexNetError } from '../../errors.js'
import { readStoredEntries, readZipDirectory } from './stored-zip.js'

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
