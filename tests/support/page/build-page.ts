import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { isUpToDate, root, sourcesIn } from '../build-state.js'

/** The built page. */
export const pageFolder = join(root, 'dist/web')

/** Milliseconds that a build and the start of a browser may take on a busy machine. */
export const BUILDING = 180_000

/** Builds the page unless it is newer than all that it is made of. */
export function buildPage(): void {
  if (isUpToDate('dist/web/index.html', ['web', 'src', 'recipes'].flatMap(sourcesIn))) return
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'error'], {
    cwd: root,
    stdio: 'inherit',
  })
}
