import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { runFiles } from './run-files.js'

/** The folder of a run and the name that it goes by. */
export interface NamedRun {
  readonly name: string
  readonly path: string
}

/**
 * The runs in some folders, each of which is a run itself or holds runs.
 *
 * A name from outside is only ever compared with the names found here, so that no path is made of what a client sends; a
 * link that leads out of its folder is not followed.
 */
export class RunFolders {
  private readonly roots: readonly string[]

  constructor(roots: readonly string[]) {
    this.roots = roots.map((root) => resolve(root))
  }

  /** Looks again each time: runs come and go. */
  async list(): Promise<NamedRun[]> {
    const found = await Promise.all(this.roots.map(runsIn))
    const runs = new Map<string, string>()
    for (const path of found.flat()) {
      if ([...runs.values()].includes(path)) continue
      const name = basename(path)
      runs.set(runs.has(name) ? `${name}@${basename(dirname(path))}` : name, path)
    }
    return Array.from(runs, ([name, path]) => ({ name, path }))
  }

  async find(name: string): Promise<NamedRun | undefined> {
    return (await this.list()).find((candidate) => candidate.name === name)
  }
}

async function runsIn(root: string): Promise<string[]> {
  if (await isRun(root)) return [root]
  const entries = await readdir(root).catch(() => [])
  const paths = entries.map((entry) => join(root, entry))
  const own = await realpath(root).catch(() => root)
  const kept = await Promise.all(paths.map(async (path) => (await isWithin(path, own)) && (await isRun(path))))
  return paths.filter((_, i) => kept[i])
}

async function isRun(path: string): Promise<boolean> {
  const entry = await stat(join(path, runFiles.recipe)).catch(() => undefined)
  return entry?.isFile() === true
}

/** Whether a path, all links followed, lies in a folder. */
async function isWithin(path: string, folder: string): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined)
  return real?.startsWith(folder + sep) === true
}

/** The path of a file of a run; undefined where it is not there, or is a link that leads out of the run's folder. */
export async function fileOf(run: NamedRun, file: string): Promise<string | undefined> {
  const path = join(run.path, file)
  const entry = await stat(path).catch(() => undefined)
  return entry?.isFile() && (await isWithin(path, await realpath(run.path))) ? path : undefined
}
