import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the whole project. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The files of a folder that a build may take in, tests aside: paths from the root. */
export function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
}

/**
 * Whether an output is there and was written after its sources last changed. A source counts by the change of its entry
 * (`ctime`), which a move touches too and no tool sets back.
 */
export function isUpToDate(output: string, sources: readonly string[]): boolean {
  const written = statSync(join(root, output), { throwIfNoEntry: false })?.mtimeMs
  return written !== undefined && sources.every((source) => statSync(join(root, source)).ctimeMs < written)
}
