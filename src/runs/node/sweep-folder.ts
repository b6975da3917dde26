import { existsSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { claim } from '../../data/node/claim.js'
import { AlexNetError, messageOf } from '../../errors.js'
import { checkWritten } from '../../settings/check.js'
import type { Recipe } from '../recipe.js'
import { formatRecipe } from '../recipe-yaml.js'
import { type Sweep, type SweepResult, sweepResultSchema, sweepSchema } from '../sweep.js'
import { readLines } from './line-files.js'
import { runFiles } from './run-files.js'
import { writeAtomically } from './write-atomically.js'

/**
 * The files in the folder of a sweep, beside the folders of its runs:
 *
 * - `sweep.json`: what is tried
 * - `recipes/`: the recipe of each run
 * - `results.jsonl`: what each run gave
 * - `sweep.html`: all of it, for people
 */
export const sweepFiles = {
  plan: 'sweep.json',
  recipes: 'recipes',
  results: 'results.jsonl',
  page: 'sweep.html',
} as const

/** The folder of a sweep, in which this process works. */
export class SweepFolder {
  private constructor(
    readonly path: string,
    readonly sweep: Sweep,
    private readonly unlock: () => Promise<void>,
  ) {}

  /**
   * Begins a sweep in a new or empty folder.
   * @param recipes By the names of the runs.
   * @throws AlexNetError `run-exists`, `not-writable`
   */
  static async create(path: string, sweep: Sweep, recipes: ReadonlyMap<string, Recipe>): Promise<SweepFolder> {
    try {
      await mkdir(join(path, sweepFiles.recipes), { recursive: true })
    } catch (error) {
      throw new AlexNetError('not-writable', `cannot write to ${path}: ${messageOf(error)}`)
    }
    const unlock = await locked(path)
    for (const [name, recipe] of recipes) await writeAtomically(recipeFile(path, name), [formatRecipe(recipe)])
    // Last: a folder without it is no sweep.
    await writeAtomically(join(path, sweepFiles.plan), [`${JSON.stringify(sweep, null, 2)}\n`])
    return new SweepFolder(path, sweep, unlock)
  }

  /** @throws AlexNetError `missing-data`, `corrupt-data`, or `run-exists` where another process works in it. */
  static async open(path: string): Promise<SweepFolder> {
    const file = join(path, sweepFiles.plan)
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined)
      throw new AlexNetError(
        'missing-data',
        `${path} holds no sweep, expected a folder with ${sweepFiles.plan}`,
        'Give the folder of a sweep, such as runs/sweeps/shapes-alexnet-cifar-1.',
      )
    let sweep: Sweep
    try {
      sweep = checkWritten(sweepSchema, JSON.parse(text), 'its content')
    } catch (error) {
      throw new AlexNetError('corrupt-data', `${file} is damaged: ${messageOf(error).split('\n')[0]}`)
    }
    return new SweepFolder(path, sweep, await locked(path))
  }

  /** @throws AlexNetError `run-exists` where something is there. */
  static async expectFree(path: string): Promise<void> {
    const content = existsSync(path) ? await readdir(path) : []
    if (content.length === 0) return
    throw new AlexNetError(
      'run-exists',
      `${path} holds ${content.includes(sweepFiles.plan) ? 'a sweep' : 'files'} already`,
      `Continue it with --resume ${path}, or choose another folder with --out.`,
    )
  }

  /** The folder of a run. */
  runPath(name: string): string {
    return join(this.path, name)
  }

  /** The file that holds the recipe of a run. */
  recipePath(name: string): string {
    return recipeFile(this.path, name)
  }

  /** What runs have given: of each the last word. */
  async results(): Promise<SweepResult[]> {
    const lines = await readLines(join(this.path, sweepFiles.results), sweepResultSchema)
    return [...new Map(lines.map((line) => [line.name, line])).values()]
  }

  async addResult(result: SweepResult): Promise<void> {
    // A crash may have cut the last line short: this one is not to be added to it.
    const file = join(this.path, sweepFiles.results)
    const before = await readFile(file, 'utf8').catch(() => '')
    const start = before === '' || before.endsWith('\n') ? '' : '\n'
    await appendFile(file, `${start}${JSON.stringify(result)}\n`)
  }

  /** Whether a run has a checkpoint to go on from. */
  isBegun(name: string): boolean {
    return existsSync(join(this.runPath(name), runFiles.last))
  }

  async close(): Promise<void> {
    await this.unlock()
  }
}

function recipeFile(folder: string, name: string): string {
  return join(folder, sweepFiles.recipes, `${name}.yaml`)
}

async function locked(path: string): Promise<() => Promise<void>> {
  const file = join(path, runFiles.lock)
  const unlock = await claim(file)
  if (unlock) return unlock
  throw new AlexNetError(
    'run-exists',
    `another process works on the sweep ${path}`,
    `Wait for it to end; if there is none, delete ${file}.`,
  )
}
