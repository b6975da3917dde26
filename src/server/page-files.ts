import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Context } from 'hono'
import { getMimeType } from 'hono/utils/mime'
import { HttpProblem } from './problem.js'

/** Names that change with the content, as Vite makes them: `assets/index-DiwrgTda.js`. */
const HASHED = /^\/assets\/.*-[\w-]{8,}\.\w+$/

/**
 * Serves the files of a built page.
 * @param folder Where `index.html` lies.
 */
export function pageFiles(folder: string) {
  return async (c: Context): Promise<Response> => {
    const root = await realpath(folder).catch(() => undefined)
    if (!root || !(await isFile(join(root, 'index.html'))))
      throw new HttpProblem(
        404,
        'not-found',
        'the page is not there: this copy of alexnet was built without it',
        'Build it with npm run build:web; /api/runs has the numbers.',
      )
    const path = decode(c.req.path)
    const file = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path)).catch(() => undefined)
    if (!file?.startsWith(root + sep) || !(await isFile(file)))
      throw new HttpProblem(404, 'not-found', 'there is no such file', 'The page is at /.')
    return c.body((await readFile(file)) as Uint8Array<ArrayBuffer>, 200, {
      'content-type': getMimeType(file) ?? 'application/octet-stream',
      // Tells the page that runs can be asked for here: on a static host it must not ask, since a 404 is an error there.
      'x-alexnet-api': 'runs',
      'cache-control': HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
  }
}

function decode(path: string): string {
  try {
    const decoded = decodeURIComponent(path)
    if (!decoded.includes('\0')) return decoded
  } catch {
    // Broken escapes are no file's name either.
  }
  throw new HttpProblem(400, 'bad-request', 'this address cannot be read')
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true
}
