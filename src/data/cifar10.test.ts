import { describe, expect, it } from 'vitest'
import { cifar10Classes, parseCifar10, RECORD } from './cifar10.js'
import { memoryReader } from './pictures.js'

/** A file of records with these labels; byte i of record n is n + i, modulo 256. */
function file(name: string, labels: readonly number[]): { name: string; bytes: Uint8Array } {
  const bytes = new Uint8Array(labels.length * RECORD)
  for (const [n, label] of labels.entries()) {
    for (let i = 1; i < RECORD; i++) bytes[n * RECORD + i] = n + i
    bytes[n * RECORD] = label
  }
  return { name, bytes }
}

describe('parseCifar10', () => {
  it('reads labels and planes of several files in their order', () => {
    const part = parseCifar10([file('a.bin', [3, 9]), file('b.bin', [0])], 'cifar10 train')
    expect(part.name).toBe('cifar10 train')
    expect(cifar10Classes[part.labels[0]]).toBe('cat')
    expect([...part.labels]).toEqual([3, 9, 0])
    const read = memoryReader(part.pictures, part.name)
    expect(read(0).shape).toEqual([3, 32, 32])
    expect(read(0).data[0]).toBe(1)
    expect(read(1).data[0]).toBe(2) // the second record's first red pixel
    expect(read(1).data[3071]).toBe((1 + 3072) % 256)
    expect(read(2).data[0]).toBe(1)
    expect(() => read(3)).toThrow('cifar10 train has no picture 3')
  })

  it('names the file, the record and the label that is none', () => {
    expect(() => parseCifar10([file('good.bin', [1]), file('bad.bin', [1, 2, 10])])).toThrow(
      expect.objectContaining({ code: 'corrupt-data', message: 'bad.bin: record 2 has label 10, expected 0–9' }),
    )
  })

  it.each([0, RECORD - 1, RECORD + 1])('refuses a file of %i bytes', (size) => {
    expect(() => parseCifar10([{ name: 'short.bin', bytes: new Uint8Array(size) }])).toThrow(
      expect.objectContaining({
        code: 'corrupt-data',
        message: expect.stringMatching(`short.bin.*3073.*got ${size} bytes`),
      }),
    )
  })
})
