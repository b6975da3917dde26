import { appendFileSync, existsSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { claim } from '../../data/node/claim.js'
import type { ScanReport } from '../../data/node/pictures/load-pictures.js'
import type { Precision } from '../../engines/engine.js'
import type { Machine } from '../../engines/node/machine.js'
import { AlexNetError, messageOf } from '../../errors.js'
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../checkpoint.js'
import type { Progress } from '../progress.js'
import { formatRecipe, type Recipe } from '../recipe.js'
import { writeAtomically, writeHint } from './write-atomically.js'

const SCAN_FILE = 'data.json'

/** One line of `metrics.jsonl`: a stretch of steps, or an epoch. It holds no times: a resumed run writes the same. */
export type MetricsLine =
  | { readonly kind: 'steps'; readonly epoch: number; readonly step: number; readonly [key: string]: unknown }
  | { readonly kind: 'epoch'; readonly epoch: number; readonly step: number; readonly [key: string]: unknown }

/** One line of `timing.jsonl`: what begins to compute, or the time that an epoch took. */
export type TimingLine = { readonly epoch: number; readonly step: number; readonly at: string } & (
  | {
      readonly kind: 'start'
      readonly engine: string
      readonly precision: Precision
      readonly threads: number
      readonly machine: Machine
    }
  | { readonly kind: 'epoch'; readonly seconds: number; readonly imagesPerSecond: number }
)

/**
 * The folder of a run:
 *
 * - `recipe.yaml`: all settings as resolved
 * - `metrics.jsonl`: what was measured, the same for a resumed run as for an uninterrupted one
 * - `timing.jsonl`: when, how fast, and what computed it
 * - `last.safetensors`: to go on from
 * - `best.safetensors`: the parameters with the lowest loss in the evaluation
 * - `data.json`: where one's own pictures lie, and what was found there
 * - `report.html`: what came out, for people
 * - `lock`: while a process trains in it
 */
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
      `${path} holds ${content.includes('recipe.yaml') ? 'a run' : 'files'} already`,
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
    const checkpoint = await readCheckpointFile(join(path, 'last.safetensors'), path)
    const run = new RunDirectory(path, await lock(path))
    // What a crash has left half written.
    for (const file of await readdir(path)) if (file.endsWith('.tmp')) await rm(run.file(file), { force: true })
    for (const name of ['metrics.jsonl', 'timing.jsonl']) await run.forgetAfter(name, checkpoint.progress)
    return { run, checkpoint }
  }

  /** Lets other processes train in this folder again. */
  async close(): Promise<void> {
    await this.unlock()
  }

  /** Replaces the settings, when a run goes on with others. */
  async saveRecipe(recipe: Recipe): Promise<void> {
    await writeAtomically(this.file('recipe.yaml'), [formatRecipe(recipe)])
  }

  async saveLast(checkpoint: Checkpoint): Promise<void> {
    await writeAtomically(this.file('last.safetensors'), encodeCheckpoint(checkpoint))
  }

  async saveBest(checkpoint: Checkpoint): Promise<void> {
    await writeAtomically(this.file('best.safetensors'), encodeCheckpoint(checkpoint))
  }

  /** What was found where the pictures lie. */
  async saveScan(report: ScanReport): Promise<void> {
    await writeAtomically(this.file(SCAN_FILE), [`${JSON.stringify(report, null, 2)}\n`])
  }

  appendMetrics(line: MetricsLine): void {
    this.append('metrics.jsonl', line)
  }

  appendTiming(line: TimingLine): void {
    this.append('timing.jsonl', line)
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
      const parsed = parseLine(line)
      return parsed !== undefined && parsed.step <= step && (parsed.kind === 'steps' || parsed.epoch <= epoch)
    })
    await writeAtomically(this.file(name), [lines.map((line) => `${line}\n`).join('')])
  }
}

/**
 * Where the pictures of a run lie, if they are one's own, and what was found there when it began.
 * @param run The folder of a run, or a file in it.
 */
export async function readScan(run: string): Promise<ScanReport | undefined> {
  const folder = existsSync(run) && statSync(run).isFile() ? dirname(run) : run
  const text = await readFile(join(folder, SCAN_FILE), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as ScanReport
  } catch (error) {
    throw new AlexNetError(
      'corrupt-data',
      `${join(folder, SCAN_FILE)} is damaged: ${messageOf(error)}`,
      'Give the folder of the pictures with --data DIR.',
      {
        cause: error,
      },
    )
  }
}

/**
 * Reads a checkpoint file, or a run's folder: its best checkpoint where that was chosen by validation pictures, else its
 * last, since a choice by the test pictures would make the test look better than it is.
 * @throws AlexNetError `missing-data`, or the errors of `decodeCheckpoint`.
 */
export async function readCheckpoint(fileOrRun: string): Promise<Checkpoint> {
  const [best, last] = [join(fileOrRun, 'best.safetensors'), join(fileOrRun, 'last.safetensors')]
  const checkpoint = await readCheckpointFile(existsSync(last) ? last : fileOrRun, fileOrRun)
  const { recipe, progress } = checkpoint
  const byValidation = existsSync(best) && (progress.best?.part === 'validation' || recipe.data.validation > 0)
  return byValidation ? readCheckpointFile(best, fileOrRun) : checkpoint
}

async function readCheckpointFile(file: string, fileOrRun: string): Promise<Checkpoint> {
  return decodeCheckpoint(await readFile(file).catch((error) => Promise.reject(unreadable(error, fileOrRun))), file)
}

function unreadable(error: unknown, fileOrRun: string): AlexNetError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const isThere = existsSync(fileOrRun)
  const missing = isThere ? `${fileOrRun} holds no checkpoint` : `there is no run at ${fileOrRun}`
  const known = code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR'
  return new AlexNetError(
    'missing-data',
    known ? missing : `cannot read ${fileOrRun}: ${messageOf(error)}`,
    'Give the folder of a run, such as runs/shapes-alexnet-cifar-1, or a .safetensors file.',
    { cause: error },
  )
}

/** Claims a run for this process: two that write the same checkpoints would spoil both. */
async function lock(path: string): Promise<() => Promise<void>> {
  const file = join(path, 'lock')
  const unlock = await claim(file).catch((error) => Promise.reject(asNotWritable(error, path)))
  if (!unlock)
    throw new AlexNetError(
      'run-exists',
      `another process is training in ${path}`,
      `Wait for it to end; if there is none, delete ${file}.`,
    )
  return unlock
}

function parseLine(line: string): MetricsLine | undefined {
  try {
    return JSON.parse(line) as MetricsLine
  } catch {
    return undefined // The line that a crash cut short.
  }
}

function asNotWritable(error: unknown, path: string): AlexNetError {
  if (error instanceof AlexNetError) return error
  return new AlexNetError('not-writable', `cannot write to ${path}: ${messageOf(error)}`, writeHint(error), {
    cause: error,
  })
}
