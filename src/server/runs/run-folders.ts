import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { HttpProblem } from '../problem.js'

/** The folder of a run and the name that it goes by. */
export interface NamedRun {
  readonly name: string
  readonly path: string
}

/**
 * The runs in some folders, each of which is a run itself or holds runs.
 *
 * A name from an address is only ever compared with the names found here, so that no path is made of what a client sends;
 * a link that leads out of its folder is not followed.
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

  /** @throws HttpProblem 404 */
  async find(name: string): Promise<NamedRun> {
    const run = (await this.list()).find((candidate) => candidate.name === name)
    if (!run) throw new HttpProblem(404, 'not-found', 'there is no such run', 'GET /api/runs lists them.')
    return run
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
  const entry = await stat(join(path, 'recipe.yaml')).catch(() => undefined)
  return entry?.isFile() === true
}

/** Whether a path, all links followed, lies in a folder. */
async function isWithin(path: string, folder: string): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined)
  return real?.startsWith(folder + sep) === true
}

/**
 * The path of a file of a run, which is there and is no link that leads out of the run's folder.
 * @param file A name of the server's own.
 * @throws HttpProblem 404
 */
export async function fileOf(run: NamedRun, file: string): Promise<string> {
  const path = join(run.path, file)
  const entry = await stat(path).catch(() => undefined)
  if (!entry?.isFile() || !(await isWithin(path, await realpath(run.path))))
    throw new HttpProblem(404, 'not-found', `the run has no ${file}`, 'It may not have been written yet.')
  return path
}
