import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/**
 * Serves folders to this machine, cross-origin isolated, as threads in WebAssembly need it.
 * @param folders By the beginning of the path: `{ '/': 'dist', '/ort/': 'node_modules/…' }`; the longest that fits counts.
 */
export async function serveFolders(
  folders: Readonly<Record<string, string>>,
): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length)
  const server = createServer(async ({ url = '/' }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname))
    const prefix = prefixes.find((start) => path.startsWith(start))
    const content = prefix && (await readFile(join(folders[prefix], path.slice(prefix.length))).catch(() => undefined))
    if (!content) {
      response.writeHead(404).end()
      return
    }
    response
      .writeHead(200, {
        'Content-Type': types[extname(path)] ?? 'application/octet-stream',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      })
      .end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
