/** An entry of a zip, and what may be wrong with it. */
export interface ZipTestEntry {
  readonly name: string
  /** A character a byte. */
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
export function storedZip(entries: readonly ZipTestEntry[], { wide = false, comment = '' } = {}): Uint8Array {
  const body: number[] = []
  const directory: number[] = []
  for (const { name, data, method = 0, flags = 0, ...declared } of entries) {
    const offset = declared.offset ?? body.length
    const { packed = data.length, size = data.length } = declared
    body.push(...ascii('PK\x03\x04'), ...new Array<number>(22).fill(0), ...u16(name.length), ...u16(2))
    body.push(...ascii(name), 9, 9) // a padding of two bytes stands before the data
    for (const byte of ascii(data)) body.push(byte)
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
