/**
 * The text of a list, whatever program has written it: UTF-8 or UTF-16 by their marks, UTF-16 without one by its zeros,
 * UTF-8, else Windows-1252, of which Latin-1 is a part.
 *
 * @returns undefined for bytes that are no text.
 */
export function decodeListText(bytes: Uint8Array): string | undefined {
  const encoding = encodingOf(bytes)
  const text = new TextDecoder(encoding).decode(bytes)
  return text.includes('\0') ? undefined : text
}

function encodingOf(bytes: Uint8Array): string {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  // A list begins with letters of ASCII: every other byte is 0 then.
  if (bytes.length >= 2 && b === 0 && a !== 0) return 'utf-16le'
  if (bytes.length >= 2 && a === 0 && b !== 0) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}
