/**
 * Zeroed bytes in shared memory where the platform has it, so that loader workers read them without a copy, else in
 * ordinary memory (a browser page that is not cross-origin isolated).
 */
export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(
    typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(length) : new SharedArrayBuffer(length),
  )
}
