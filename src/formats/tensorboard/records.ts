import { maskedCrc32c } from './crc32c.js'

/** The length as 8 bytes, and its checksum. */
const HEAD_BYTES = 12
/** The checksum of the content. */
const TAIL_BYTES = 4

/** A record of TensorFlow's: length, its checksum, content, its checksum (tensorflow/core/lib/io/record_writer.cc). */
export function encodeRecord(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(HEAD_BYTES + content.length + TAIL_BYTES)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(content.length), true)
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true)
  record.set(content, HEAD_BYTES)
  view.setUint32(HEAD_BYTES + content.length, maskedCrc32c(content), true)
  return record
}

/** The content of a record, and where in the file the record ends. */
export interface ReadRecord {
  readonly content: Uint8Array
  readonly end: number
}

/** Reads records one after the other, up to one that is damaged or cut short. */
export function* readRecords(bytes: Uint8Array): Generator<ReadRecord> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + HEAD_BYTES <= bytes.length; ) {
    const length = Number(view.getBigUint64(at, true))
    const end = at + HEAD_BYTES + length + TAIL_BYTES
    if (view.getUint32(at + 8, true) !== maskedCrc32c(bytes.subarray(at, at + 8)) || end > bytes.length) return
    const content = bytes.subarray(at + HEAD_BYTES, end - TAIL_BYTES)
    if (view.getUint32(end - TAIL_BYTES, true) !== maskedCrc32c(content)) return
    yield { content, end }
    at = end
  }
}
