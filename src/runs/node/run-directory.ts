import { appendFileSync, existsSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DatasetParts } from '../../data/dataset.js'
import { claim } from '../../data/node/claim.js'
import type { ScanReport } from '../../data/node/pictures/scan-report.js'
import { AlexNetError, messageOf } from '../../errors.js'
import { type Checkpoint, encodeCheckpoint } from '../checkpoint.js'
import { anyLineSchema, type MetricsLine, parseLine, type TimingLine } from '../lines.js'
import type { Progress } from '../progress.js'
import type { Recipe } from '../recipe.js'
import { formatRecipe } from '../recipe-yaml.js'
import { picturesOf } from '../run-pictures.js'
import { readCheckpointFile } from './checkpoint-files.js'
import { runFiles } from './run-files.js'
import { writeRunPictures } from './run-pictures-file.js'
import { readScan } from './scan-file.js'
import { writeAtomically, writeHint } from './write-atomically.js'

/** The folder of a run, in which this process trains: it writes its files (`runFiles`), and no other process may. */
export class RunDirectory {
  private constructor(
    readonly path: string,
    private readonly unlock: () => Promise<void>,
  ) {}

  /**
   * Starts a run in a new or empty folder.
   * @throws AlexNetError `run-exists` when something is there already, `not-writable` when it cannot be written.
   */
  static async create(path: string, recipe: Recipe): Promise<RunDirectory> {
    try {
      await mkdir(path, { recursive: true })
    } catch (error) {
      throw asNotWritable(error, path)
    }
    await RunDirectory.expectFree(path)
    const run = new RunDirectory(path, await lock(path))
    await run.saveRecipe(recipe)
    return run
  }

  /**
   * Checks that a run may be started in a folder, which need not be there.
   * @throws AlexNetError `run-exists` when something is in it already.
   */
  static async expectFree(path: string): Promise<void> {
    const content = existsSync(path) && statSync(path).isDirectory() ? await readdir(path) : []
    if (content.length === 0) return
    throw new AlexNetError(
      'run-exists',
      `${path} holds ${content.includes(runFiles.recipe) ? 'a run' : 'files'} already`,
      `Continue it with --resume ${path}, or choose another folder with --out.`,
    )
  }

  /** Starts a run in the first free folder `parent/name-1`, `parent/name-2`, … */
  static async createNumbered(parent: string, name: string, recipe: Recipe): Promise<RunDirectory> {
    try {
      await mkdir(parent, { recursive: true })
      for (let number = 1; ; number++) {
        const path = join(parent, `${name}-${number}`)
        // Without `recursive`, mkdir refuses a folder that is there: two runs never get the same.
        const made = await mkdir(path).then(
          () => true,
          (error: unknown) => {
            if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
            throw error
          },
        )
        if (made) return await RunDirectory.create(path, recipe)
      }
    } catch (error) {
      throw asNotWritable(error, parent)
    }
  }

  /**
   * Opens a run to go on with it, and forgets the metrics written after its last checkpoint (they will be written again).
   * @throws AlexNetError `missing-data` when there is no checkpoint, or the errors of `decodeCheckpoint`.
   */
  static async resume(path: string): Promise<{ run: RunDirectory; checkpoint: Checkpoint }> {
    if (existsSync(path) && statSync(path).isFile())
      throw new AlexNetError(
        'missing-data',
        `${path} is a file, expected the folder of a run`,
        `Give its folder: ${dirname(path)}`,
      )
    const checkpoint = await readCheckpointFile(join(path, runFiles.last), path)
    const run = new RunDirectory(path, await lock(path))
    // What a crash has left half written.
    for (const file of await readdir(path)) if (file.endsWith('.tmp')) await rm(run.file(file), { force: true })
    for (const name of [runFiles.metrics, runFiles.timing]) await run.forgetAfter(name, checkpoint.progress)
    return { run, checkpoint }
  }

  /** Lets other processes train in this folder again. */
  async close(): Promise<void> {
    await this.unlock()
  }

  /** Replaces the settings, when a run goes on with others. */
  async saveRecipe(recipe: Recipe): Promise<void> {
    await writeAtomically(this.file(runFiles.recipe), [formatRecipe(recipe)])
  }

  async saveLast(checkpoint: Checkpoint): Promise<void> {
    await writeAtomically(this.file(runFiles.last), encodeCheckpoint(checkpoint))
  }

  async saveBest(checkpoint: Checkpoint): Promise<void> {
    await writeAtomically(this.file(runFiles.best), encodeCheckpoint(checkpoint))
  }

  /** What was found when the run began, and where the pictures lie now and how they are read. */
  async keepScan(report: ScanReport): Promise<void> {
    const { path, followLinks, validationLabels } = report
    const first = await readScan(this.path)
    const kept = first ? { ...first, path, followLinks, validationLabels } : report
    await writeAtomically(this.file(runFiles.scan), [`${JSON.stringify(kept, null, 2)}\n`])
  }

  /** Which pictures are the run's, for all time: those that have gone since, or come, change nothing. */
  async keepPictures(data: DatasetParts): Promise<void> {
    if (!existsSync(this.file(runFiles.pictures))) await writeRunPictures(this.path, picturesOf(data))
  }

  appendMetrics(line: MetricsLine): void {
    this.append(runFiles.metrics, line)
  }

  appendTiming(line: TimingLine): void {
    this.append(runFiles.timing, line)
  }

  file(name: string): string {
    return join(this.path, name)
  }

  private append(name: string, line: MetricsLine | TimingLine): void {
    try {
      appendFileSync(this.file(name), `${JSON.stringify(line)}\n`)
    } catch (error) {
      throw asNotWritable(error, this.file(name))
    }
  }

  private async forgetAfter(name: string, { epoch, step }: Progress): Promise<void> {
    if (!existsSync(this.file(name))) return
    const lines = (await readFile(this.file(name), 'utf8')).split('\n').filter((line) => {
      const parsed = parseLine(anyLineSchema, line)
      return parsed !== undefined && parsed.step <= step && (parsed.kind === 'steps' || parsed.epoch <= epoch)
    })
    await writeAtomically(this.file(name), [lines.map((line) => `${line}\n`).join('')])
  }
}

/** Claims a run for this process: two that write the same checkpoints would spoil both. */
async function lock(path: string): Promise<() => Promise<void>> {
  const file = join(path, runFiles.lock)
  const unlock = await claim(file).catch((error) => Promise.reject(asNotWritable(error, path)))
  if (!unlock)
    throw new AlexNetError(
      'run-exists',
      `another process is training in ${path}`,
      `Wait for it to end; if there is none, delete ${file}.`,
    )
  return unlock
}

function asNotWritable(error: unknown, path: string): AlexNetError {
  if (error instanceof AlexNetError) return error
  return new AlexNetError('not-writable', `cannot write to ${path}: ${messageOf(error)}`, writeHint(error), {
    cause: error,
  })
}
