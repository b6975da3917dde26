/**
 * # BMP
 *
 * Windows bitmaps as programs write them today: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits as they are or with
 * masks (BI_BITFIELDS), bottom-up and top-down, with the headers of OS/2 (12 bytes) and Windows (40 bytes and more).
 * Compressed ones (RLE) are refused.
 */
export interface BmpPixels {
  readonly width: number
  readonly height: number
  /** 4 where the file has transparency. */
  readonly channels: 3 | 4
  /** (H, W, channels), from the top. */
  readonly data: Uint8Array
}

/** True for bytes that begin as a bitmap file does. */
export function isBmp(head: Uint8Array): boolean {
  if (head[0] !== 0x42 || head[1] !== 0x4d || head.length < 18) return false
  const headerSize = head[14] | (head[15] << 8)
  return headerSize === OS2_HEADER || (headerSize >= WINDOWS_HEADER && headerSize <= 256)
}

const FILE_HEADER = 14
const OS2_HEADER = 12
const WINDOWS_HEADER = 40
const UNCOMPRESSED = 0
const BITFIELDS = 3
const ALPHA_BITFIELDS = 6

/** The size that a bitmap's header tells. @throws Error in one line */
export function bmpSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const { width, height } = readHeader(viewOf(bytes))
  return { width, height }
}

/** So many pixels take some ten milliseconds. */
const PIXELS_IN_A_TURN = 1_000_000

export interface BmpOptions {
  /** More are refused before memory is taken. */
  readonly mostPixels: number
  /** Awaited after each million of pixels, so that others get their turn; what it throws ends the decoding. */
  readonly pause?: () => Promise<void>
}

/**
 * Decodes a bitmap.
 * @throws Error that says in one line what is wrong with it.
 */
export async function decodeBmp(bytes: Uint8Array, { mostPixels, pause }: BmpOptions): Promise<BmpPixels> {
  const view = viewOf(bytes)
  const header = readHeader(view)
  const { width, height, bits, topDown, start } = header
  if (width * height > mostPixels) throw new Error(`${width}×${height} pixels exceed the pixel limit`)
  const rowBytes = Math.ceil((width * bits) / 32) * 4
  if (start + rowBytes * height > bytes.length)
    throw new Error(
      `the bitmap is cut off: expected ${rowBytes * height} bytes of pixels, got ${Math.max(0, bytes.length - start)}`,
    )
  const { channels, readRow } =
    bits <= 8 ? paletteReader(bytes, header) : bits === 24 ? plainReader(bytes, header) : maskReader(view, header)
  const data = new Uint8Array(width * height * channels)
  const rowsInATurn = Math.ceil(PIXELS_IN_A_TURN / width)
  for (let y = 0; y < height; y++) {
    if (y > 0 && y % rowsInATurn === 0) await pause?.()
    readRow(start + rowBytes * (topDown ? y : height - 1 - y), data, y * width * channels)
  }
  return { width, height, channels, data }
}

interface Header {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  readonly bits: number
  readonly compression: number
  /** Bytes of the header behind the file's own. */
  readonly size: number
  /** Colours of the palette, and the bytes of one. */
  readonly colours: number
  readonly colourBytes: number
  /** Where the pixels begin. */
  readonly start: number
}

function readHeader(view: DataView): Header {
  const length = view.byteLength
  const size = length >= FILE_HEADER + 4 ? view.getUint32(14, true) : 0
  if (length < FILE_HEADER + size || (size !== OS2_HEADER && size < WINDOWS_HEADER))
    throw new Error('the header of the bitmap is cut off')
  const isOs2 = size === OS2_HEADER
  const signedHeight = isOs2 ? view.getUint16(20, true) : view.getInt32(22, true)
  const width = isOs2 ? view.getUint16(18, true) : view.getInt32(18, true)
  const bits = view.getUint16(isOs2 ? 24 : 28, true)
  const compression = isOs2 ? UNCOMPRESSED : view.getUint32(30, true)
  if (width <= 0 || signedHeight === 0) throw new Error(`a bitmap of ${width}×${Math.abs(signedHeight)}`)
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new Error(`a bitmap of ${bits} bits a pixel, which is not read`)
  const hasMasks = compression === BITFIELDS || compression === ALPHA_BITFIELDS
  if (compression !== UNCOMPRESSED && !(hasMasks && (bits === 16 || bits === 32)))
    throw new Error(`a compressed bitmap (kind ${compression}), which is not read; export it as PNG`)
  const declared = isOs2 ? 0 : view.getUint32(46, true)
  return {
    ...{ width, height: Math.abs(signedHeight), topDown: signedHeight < 0, bits, compression, size },
    colours: bits > 8 ? 0 : Math.min(declared || 2 ** bits, 2 ** bits),
    colourBytes: isOs2 ? 3 : 4,
    start: view.getUint32(10, true),
  }
}

interface RowReader {
  readonly channels: 3 | 4
  /** Writes the pixels of the row that begins at `row`: loops within, for a call per pixel takes several times as long. */
  readonly readRow: (row: number, to: Uint8Array, at: number) => void
}

/** The palette follows the header: blue, green, red. */
function paletteReader(bytes: Uint8Array, { width, bits, size, colours, colourBytes }: Header): RowReader {
  const first = FILE_HEADER + size
  if (first + colours * colourBytes > bytes.length) throw new Error('the palette of the bitmap is cut off')
  // A colour that the palette lacks is black, as other programs have it.
  const palette = new Uint8Array(3 * 2 ** bits)
  for (let index = 0; index < colours; index++)
    for (let c = 0; c < 3; c++) palette[3 * index + c] = bytes[first + index * colourBytes + 2 - c]
  const mask = 2 ** bits - 1
  return {
    channels: 3,
    readRow(row, to, at) {
      for (let x = 0, bit = 0; x < width; x++, bit += bits) {
        const colour = 3 * ((bytes[row + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask)
        to[at++] = palette[colour]
        to[at++] = palette[colour + 1]
        to[at++] = palette[colour + 2]
      }
    },
  }
}

/** 24 bits: blue, green, red. */
function plainReader(bytes: Uint8Array, { width }: Header): RowReader {
  return {
    channels: 3,
    readRow(row, to, at) {
      for (let from = row; from < row + 3 * width; from += 3) {
        to[at++] = bytes[from + 2]
        to[at++] = bytes[from + 1]
        to[at++] = bytes[from]
      }
    },
  }
}

/** 16 and 32 bits. */
function maskReader(view: DataView, header: Header): RowReader {
  const { width, bits } = header
  const masks = masksOf(view, header)
  const channels = masks.length === 4 ? 4 : 3
  const scales = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask)
    const most = mask >>> shift
    return { mask, shift, factor: most === 0 ? 0 : 255 / most }
  })
  const pixels = new Uint32Array(width)
  return {
    channels,
    readRow(row, to, at) {
      if (bits === 16) for (let x = 0; x < width; x++) pixels[x] = view.getUint16(row + 2 * x, true)
      else for (let x = 0; x < width; x++) pixels[x] = view.getUint32(row + 4 * x, true)
      for (let c = 0; c < channels; c++) {
        const { mask, shift, factor } = scales[c]
        for (let x = 0, place = at + c; x < width; x++, place += channels)
          to[place] = Math.round(((pixels[x] & mask) >>> shift) * factor)
      }
    },
  }
}

/** Of red, green, blue and, where there is one, transparency: behind the plain header, or within a longer one. */
function masksOf(view: DataView, { bits, compression, size }: Header): readonly number[] {
  if (compression === UNCOMPRESSED)
    // The fourth byte means nothing then.
    return bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0x00ff00, 0x0000ff]
  const count = size >= 56 || compression === ALPHA_BITFIELDS ? 4 : 3
  const first = FILE_HEADER + WINDOWS_HEADER
  if (first + 4 * count > view.byteLength) throw new Error('the masks of the bitmap are cut off')
  const masks = Array.from({ length: count }, (_, c) => view.getUint32(first + 4 * c, true))
  return masks[3] === 0 ? masks.slice(0, 3) : masks
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
