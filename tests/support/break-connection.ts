import { statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'

/**
 * Breaks a connection as soon as the client has written so many bytes into its file: what it has only received by then, it
 * may lose, and on a busy machine that is more.
 */
export function breakOnceWritten(response: ServerResponse, file: string, bytes: number): void {
  const look = setInterval(() => {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= bytes) response.destroy()
  }, 2)
  response.on('close', () => clearInterval(look))
}
