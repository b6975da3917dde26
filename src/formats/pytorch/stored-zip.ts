import { quoted } from '../quoted.js'
import { corrupt } from './corrupt.js'

/**
 * # Zip files whose entries are stored as they are
 *
 * PyTorch packs its files so, to map tensors into memory. Nothing is decompressed here, hence nothing can grow: an entry
 * is a view of the file's own bytes. Sizes come from the central directory at the end (PKWARE's APPNOTE.TXT, 4.3.12–16)
 * and are held against the file: compressed, encrypted, overlapping, repeated or out-of-range entries are refused.
 *
 * Checksums are not compared: PyTorch can be told to leave them out (`set_crc32_options`).
 */
export interface ZipEntry {
  readonly name: string
  readonly flags: number
  /** 0: stored as it is. */
  readonly method: number
  /** Bytes in the file, and once unpacked. */
  readonly packed: number
  readonly size: number
  /** Where its own header begins. */
  readonly offset: number
}

/** A zip's directory. */
export interface ZipDirectory {
  readonly entries: readonly ZipEntry[]
  /** Where the directory begins: all data lie before it. */
  readonly start: number
}

/** Reads the directory of a zip. */
export function readZipDirectory(bytes: Uint8Array): ZipDirectory {
  const view = viewOf(bytes)
  const { count, start, end } = readDirectoryPlace(view)
  const entries: ZipEntry[] = []
  let at = start
  for (let i = 0; i < count; i++) {
    const { next, ...entry } = readEntry(view, bytes, at, end)
    entries.push(entry)
    at = next
  }
  return { entries, start }
}

/** The data of all entries by name. */
export function readStoredEntries(bytes: Uint8Array, directory: ZipDirectory): ReadonlyMap<string, Uint8Array> {
  const view = viewOf(bytes)
  const entries = new Map<string, Uint8Array>()
  const ranges: { readonly name: string; readonly from: number; readonly to: number }[] = []
  for (const { name, method, flags, packed, size, offset } of directory.entries) {
    if (entries.has(name)) throw corrupt(`the zip holds ${quoted(name)} twice`)
    if (flags & 1) throw corrupt(`zip entry ${quoted(name)} is encrypted`)
    if (method !== 0)
      throw corrupt(
        `zip entry ${quoted(name)} is compressed (method ${method}), which PyTorch never does`,
        'A compressed entry could grow without bound. Save the file again with torch.save.',
      )
    if (packed !== size) throw corrupt(`zip entry ${quoted(name)}: ${size} bytes declared, ${packed} stored`)
    const from = dataStart(view, offset, directory.start, name)
    const to = from + size
    if (to > directory.start) throw corrupt(`zip entry ${quoted(name)}: ${size} bytes at ${from} reach beyond the file`)
    entries.set(name, bytes.subarray(from, to))
    ranges.push({ name, from: offset, to })
  }
  ranges.sort((a, b) => a.from - b.from)
  for (let i = 1; i < ranges.length; i++)
    if (ranges[i].from < ranges[i - 1].to)
      throw corrupt(`zip entries ${quoted(ranges[i - 1].name)} and ${quoted(ranges[i].name)} overlap`)
  return entries
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

const END = { signature: 0x06054b50, length: 22 }
const END64_LOCATOR = { signature: 0x07064b50, length: 20 }
const END64 = { signature: 0x06064b50, length: 56 }
const ENTRY = { signature: 0x02014b50, length: 46 }
const LOCAL = { signature: 0x04034b50, length: 30 }
const MAX_COMMENT = 0xffff
/** In a field of 32 bits: the value stands in a field of 64. */
const SEE_64 = 0xffffffff

/** Where the central directory lies, and how many entries it has. */
function readDirectoryPlace(view: DataView): { count: number; start: number; end: number } {
  const at = findEnd(view)
  let count = view.getUint16(at + 10, true)
  let size = view.getUint32(at + 12, true)
  let start = view.getUint32(at + 16, true)
  let end = at
  const locator = at - END64_LOCATOR.length
  if (locator >= 0 && view.getUint32(locator, true) === END64_LOCATOR.signature) {
    const at64 = uint64(view, locator + 8)
    if (at64 + END64.length > locator || view.getUint32(at64, true) !== END64.signature)
      throw corrupt('the zip64 end of the directory is not where it should be')
    count = uint64(view, at64 + 32)
    size = uint64(view, at64 + 40)
    start = uint64(view, at64 + 48)
    end = at64
  }
  if (start + size > end) throw corrupt(`the zip's directory of ${size} bytes at ${start} reaches beyond ${end}`)
  return { count, start, end: start + size }
}

/** The end record is the last thing in the file but for a comment, whose length it states. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END.length
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--)
    if (view.getUint32(at, true) === END.signature && view.getUint16(at + 20, true) === last - at) return at
  throw corrupt('the end of the zip is missing')
}

function readEntry(view: DataView, bytes: Uint8Array, at: number, end: number): ZipEntry & { next: number } {
  if (at + ENTRY.length > end || view.getUint32(at, true) !== ENTRY.signature)
    throw corrupt("the zip's directory holds fewer entries than it declares")
  const nameLength = view.getUint16(at + 28, true)
  const extraLength = view.getUint16(at + 30, true)
  const nameStart = at + ENTRY.length
  const extraStart = nameStart + nameLength
  const next = extraStart + extraLength + view.getUint16(at + 32, true)
  if (next > end) throw corrupt("an entry of the zip's directory reaches beyond it")
  const [size, packed, offset] = sizes(view, at, extraStart, extraLength)
  return {
    name: new TextDecoder().decode(bytes.subarray(nameStart, extraStart)),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    packed,
    size,
    offset,
    next,
  }
}

/** Size, stored size and offset: each in its own field, or, where that is full, in the extra field 1, in this order. */
function sizes(view: DataView, at: number, extraStart: number, extraLength: number): [number, number, number] {
  const values = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)]
  if (!values.includes(SEE_64)) return values as [number, number, number]
  const end = extraStart + extraLength
  for (let field = extraStart; field + 4 <= end; ) {
    const length = view.getUint16(field + 2, true)
    if (view.getUint16(field, true) === 1) {
      let from = field + 4
      const to = Math.min(end, from + length)
      const wide = values.map((value) => {
        if (value !== SEE_64) return value
        if (from + 8 > to) throw corrupt('a zip64 field is too short')
        from += 8
        return uint64(view, from - 8)
      })
      return wide as [number, number, number]
    }
    field += 4 + length
  }
  throw corrupt('a zip64 field is missing')
}

/** The data begin behind the entry's own header, whose name and padding have lengths of their own. */
function dataStart(view: DataView, offset: number, end: number, name: string): number {
  if (offset + LOCAL.length > end || view.getUint32(offset, true) !== LOCAL.signature)
    throw corrupt(`zip entry ${quoted(name)} is not where the directory says`)
  return offset + LOCAL.length + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
}

/** Beyond 2⁵³ it is no longer exact, but far beyond any file all the same. */
function uint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true))
}
