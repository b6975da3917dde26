import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

/** What a file may hold in fields and single numbers. AlexNet has some hundred; each becomes an object, so this bounds memory. */
const MAX_FIELDS = 1_000_000

/** Reads a field whose tag has been read. */
export type FieldReader = (reader: BinaryReader, wire: WireType) => void

/** Reads protobuf messages, and counts what it reads. */
export class MessageReader {
  private count = 0

  /** Reads each field of a message: `read` by field number; others are skipped. */
  fields(bytes: Uint8Array, read: Readonly<Record<number, FieldReader>>): void {
    const reader = new BinaryReader(bytes)
    while (reader.pos < reader.len) {
      this.countOne()
      const [field, wire] = reader.tag()
      const reading = Object.hasOwn(read, field) ? read[field] : undefined
      if (reading) reading(reader, wire)
      else reader.skip(wire, field)
      expectWithin(reader)
    }
  }

  /** Reads a repeated varint: each with a tag of its own, or all in one piece. */
  varints(read: (reader: BinaryReader) => void): FieldReader {
    return (reader, wire) => {
      if (wire === WireType.Varint) {
        read(reader)
        return
      }
      const packed = new BinaryReader(reader.bytes())
      while (packed.pos < packed.len) {
        this.countOne()
        read(packed)
        expectWithin(packed)
      }
    }
  }

  /** Reads a repeated number of fixed width as pieces of memory: all in one, or each with a tag of its own. */
  fixed(pieces: Uint8Array[], wireType: WireType.Bit32 | WireType.Bit64): FieldReader {
    return (reader, wire) => {
      // What is skipped is returned, without its length.
      pieces.push(wire === wireType ? reader.skip(wire) : reader.bytes())
    }
  }

  private countOne(): void {
    this.count++
    if (this.count > MAX_FIELDS) throw new RangeError(`more than ${MAX_FIELDS} fields`)
  }
}

function expectWithin(reader: BinaryReader): void {
  if (reader.pos > reader.len) throw new RangeError('cut off within a field')
}
