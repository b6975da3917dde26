import { appendFileSync, existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AlexNetError, messageOf } from '../../errors.js'
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../checkpoint.js'
import type { Progress } from '../progress.js'
import { formatRecipe, type Recipe, validationCount } from '../recipe.js'
import { writeAtomically, writeHint } from './write-atomically.js'

/** One line of `metrics.jsonl`: a stretch of steps, or an epoch. It holds no times: a resumed run writes the same. */
export type MetricsLine =
  | { readonly kind: 'steps'; readonly epoch: number; readonly step: number; readonly [key: string]: unknown }
  | { readonly kind: 'epoch'; readonly epoch: number; readonly step: number; readonly [key: string]: unknown }

/**
 * The folder of a run:
 *
 * - `recipe.yaml`: all settings as resolved
 * - `metrics.jsonl`: what was measured, the same for a resumed run as for an uninterrupted one
 * - `timing.jsonl`: when, and how fast
 * - `last.safetensors`: to go on from
 * - `best.safetensors`: the parameters with the lowest loss in the evaluation
 */
export class RunDirectory {
  private constructor(readonly path: string) {}

  /**
   * Starts a run in a new or empty folder.
   * @throws AlexNetError `run-exists` when something is there already, `not-writable` when it cannot be written.
   */
  static async create(path: string, recipe: Recipe): Promise<RunDirectory> {
    try {
      await mkdir(path, { recursive: true })
      if ((await readdir(path)).length > 0)
        throw new AlexNetError(
          'run-exists',
          `${path} holds ${existsSync(join(path, 'recipe.yaml')) ? 'a run' : 'files'} already`,
          `Continue it with --resume ${path}, or choose another folder with --out.`,
        )
    } catch (error) {
      throw asNotWritable(error, path)
    }
    const run = new RunDirectory(path)
    await run.saveRecipe(recipe)
    return run
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
    const run = new RunDirectory(path)
    const checkpoint = await readCheckpointFile(run.file('last.safetensors'), path)
    for (const name of ['metrics.jsonl', 'timing.jsonl']) await run.forgetAfter(name, checkpoint.progress)
    return { run, checkpoint }
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

  appendMetrics(line: MetricsLine): void {
    this.append('metrics.jsonl', line)
  }

  appendTiming(line: MetricsLine): void {
    this.append('timing.jsonl', line)
  }

  file(name: string): string {
    return join(this.path, name)
  }

  private append(name: string, line: MetricsLine): void {
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
 * Reads a checkpoint file, or a run's folder: its best checkpoint where that was chosen by validation pictures, else its
 * last, since a choice by the test pictures would make the test look better than it is.
 * @throws AlexNetError `missing-data`, or the errors of `decodeCheckpoint`.
 */
export async function readCheckpoint(fileOrRun: string): Promise<Checkpoint> {
  const [best, last] = [join(fileOrRun, 'best.safetensors'), join(fileOrRun, 'last.safetensors')]
  if (existsSync(best)) {
    const checkpoint = await readCheckpointFile(best, fileOrRun)
    if (validationCount(checkpoint.recipe, Number.POSITIVE_INFINITY) > 0) return checkpoint
  }
  return readCheckpointFile(existsSync(last) ? last : fileOrRun, fileOrRun)
}

async function readCheckpointFile(file: string, fileOrRun: string): Promise<Checkpoint> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    const missing = existsSync(fileOrRun) ? `${fileOrRun} holds no checkpoint` : `there is no run at ${fileOrRun}`
    throw new AlexNetError(
      'missing-data',
      missing,
      'Give the folder of a run, such as runs/shapes-alexnet-cifar-1, or a .safetensors file.',
      { cause: error },
    )
  }
  return decodeCheckpoint(bytes, file)
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
