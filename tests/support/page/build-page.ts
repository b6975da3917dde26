import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The built page. */
export const pageFolder = join(root, 'dist/web')

/** Milliseconds that a build and the start of a browser may take on a busy machine. */
export const BUILDING = 180_000

/** Builds the page unless it is newer than all that it is made of. */
export function buildPage(): void {
  const built = statSync(join(pageFolder, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (['web', 'src', 'recipes'].every((folder) => newest(join(root, folder)) < built)) return
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'error'], {
    cwd: root,
    stdio: 'inherit',
  })
}

function newest(folder: string): number {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  )
}
