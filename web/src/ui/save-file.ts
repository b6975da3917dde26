/** Hands bytes to the browser's download. */
export function saveFile(content: Uint8Array<ArrayBuffer> | string, name: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun, but may still read from the URL.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
