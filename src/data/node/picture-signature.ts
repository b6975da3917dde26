/** What a file is by its first bytes, where that is no picture that libvips reads here, and what to do about it. */
export interface UnreadFormat {
  readonly name: string
  readonly advice: string
}

/** As many bytes tell, and hold the whole header of a bitmap. */
export const SIGNATURE_BYTES = 512

const asJpeg = 'export as JPEG'

/** Begins of files, as text of one character a byte. */
const signatures: readonly (UnreadFormat & { readonly begins: readonly string[] })[] = [
  { name: 'JPEG XL', advice: asJpeg, begins: ['\xff\x0a', '\0\0\0\x0cJXL '] },
  { name: 'JPEG 2000', advice: asJpeg, begins: ['\0\0\0\x0cjP', '\xff\x4f\xff\x51'] },
  { name: "Photoshop's format", advice: asJpeg, begins: ['8BPS'] },
  { name: 'PDF', advice: 'export its pages as PNG', begins: ['%PDF'] },
  {
    name: 'a web page (HTML)',
    advice: 'download the picture itself',
    begins: ['<!doctype html', '<html', '<!DOCTYPE html', '<!DOCTYPE HTML', '<HTML'],
  },
]

/** The brands of pictures in the coding of HEIC, and of containers that may hold it or AV1. */
const HEIC_BRANDS = /hei[cxms]|hev[cxms]/
const CONTAINER_BRANDS = /^(mif1|msf1|mif2)$/
const VIDEO_BRANDS = /^(isom|iso\d|mp4\d|M4V |qt {2}|avc1|3gp.)$/

/** Recognises formats that people have pictures in and that are not read; undefined for all others. */
export function unreadFormat(head: Uint8Array): UnreadFormat | undefined {
  const text = String.fromCharCode(...head.subarray(0, SIGNATURE_BYTES))
  if (text.slice(4, 8) === 'ftyp') {
    const major = text.slice(8, 12)
    const brands = text.slice(8, Math.max(12, new DataView(head.buffer, head.byteOffset).getUint32(0)))
    if (HEIC_BRANDS.test(major) || (CONTAINER_BRANDS.test(major) && !/avi[fs]/.test(brands)))
      return { name: 'HEIC', advice: asJpeg }
    if (VIDEO_BRANDS.test(major)) return { name: 'a video (MP4 or QuickTime)', advice: 'export its frames as JPEG' }
  }
  const visible = text.trimStart()
  return signatures.find(({ begins }) => begins.some((begin) => text.startsWith(begin) || visible.startsWith(begin)))
}
