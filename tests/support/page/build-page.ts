import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isUpToDate, root, sourcesIn } from '../build-state.js'

/** The built page. */
export const pageFolder = join(root, 'dist/web')

/** Milliseconds that a build and the start of a browser may take on a busy machine. */
export const BUILDING = 180_000

/** There while one of the test files builds the page: the others wait. */
const lock = join(root, 'node_modules/.building-page')

/** Builds the page unless it is newer than all that it is made of. */
export function buildPage(): void {
  takeLock()
  try {
    const sources = [...['web', 'src', 'recipes'].flatMap(sourcesIn), 'docs/primer.md']
    if (isUpToDate('dist/web/index.html', sources)) return
    execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'error'], {
      cwd: root,
      stdio: 'inherit',
    })
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Waits for its turn; a lock that has outlived every build was left by a test that was killed. */
function takeLock(): void {
  const end = Date.now() + BUILDING / 2
  for (;;)
    try {
      mkdirSync(lock)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      if (Date.now() > end) return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
}
