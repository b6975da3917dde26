import { corrupt } from './corrupt.js'

/** Reads a pickle's bytes one after the other. Every length is held against the bytes that are left. */
export class ByteSource {
  private readonly view: DataView

  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  uint8(): number {
    return this.view.getUint8(this.advance(1))
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true)
  }

  int32(): number {
    return this.view.getInt32(this.advance(4), true)
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true)
  }

  /** A length of 64 bits. */
  uint64(): number {
    return Number(this.view.getBigUint64(this.advance(8), true))
  }

  /** Python's float: big-endian, unlike all else. */
  float64(): number {
    return this.view.getFloat64(this.advance(8), false)
  }

  take(length: number): Uint8Array {
    const from = this.advance(length)
    return this.bytes.subarray(from, from + length)
  }

  text(length: number): string {
    const text = this.string(length)
    if (typeof text !== 'string') throw corrupt('a text of the pickle is not UTF-8')
    return text
  }

  /** A string of Python 2, which may be a text or any bytes: they stay bytes where they are no text. */
  string(length: number): string | Uint8Array {
    const bytes = this.take(length)
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch (error) {
      if (error instanceof TypeError) return bytes
      throw error
    }
  }

  /** Up to the next line break, which is read too. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at)
    if (end < 0) throw corrupt('the pickle is cut off within a line')
    const text = this.text(end - this.at)
    this.at++
    return text
  }

  private advance(length: number): number {
    const from = this.at
    if (length > this.bytes.length - from)
      throw corrupt(`the pickle is cut off: ${length} bytes expected at ${from}, ${this.bytes.length - from} left`)
    this.at += length
    return from
  }
}
