/** The kinds of numbers that a TIFF may hold. */
type Values = Float32Array | Uint16Array | Uint32Array

/** A TIFF of numbers that sharp cannot write: gray, or red, green, blue one after the other. */
export function tiff(width: number, height: number, values: Values): Uint8Array {
  const samples = values.length / (width * height)
  const bits = 8 * values.BYTES_PER_ELEMENT
  const format = values instanceof Float32Array ? 3 : 1
  const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  const each = (value: number) => Array.from({ length: samples }, () => value)
  /** Tag and values; a list of more than two lies behind the directory. */
  const tags: [number, number[]][] = [
    ...([
      [256, [width]],
      [257, [height]],
      [258, each(bits)],
      [259, [1]],
      [262, [samples === 3 ? 2 : 1]],
      [273, [0]],
      [277, [samples]],
      [278, [height]],
      [279, [data.length]],
      [339, each(format)],
    ] satisfies [number, number[]][]),
  ]
  const listsAt = 8 + 2 + 12 * tags.length + 4
  const pixelsAt = listsAt + 2 * 8
  const head = Buffer.alloc(pixelsAt)
  head.write('II*\0')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(tags.length, 8)
  let list = listsAt
  for (const [n, [tag, entries]] of tags.entries()) {
    const at = 10 + 12 * n
    const isShort = entries.length > 1 || tag === 258 || tag === 339 || tag === 259 || tag === 262 || tag === 277
    head.writeUInt16LE(tag, at)
    head.writeUInt16LE(isShort ? 3 : 4, at + 2)
    head.writeUInt32LE(entries.length, at + 4)
    if (entries.length > 2) {
      head.writeUInt32LE(list, at + 8)
      for (const entry of entries) list = head.writeUInt16LE(entry, list)
    } else if (isShort) head.writeUInt16LE(entries[0], at + 8)
    else head.writeUInt32LE(tag === 273 ? pixelsAt : entries[0], at + 8)
  }
  return Buffer.concat([head, data])
}
