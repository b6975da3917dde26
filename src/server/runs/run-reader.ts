import { open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { isClaimed } from '../../data/node/claim.js'
import { AlexNetError } from '../../errors.js'
import { summarise } from '../../models/summary.js'
import { type CheckpointAbout, decodeCheckpointAbout } from '../../runs/checkpoint.js'
import { isFinished } from '../../training/trainer.js'
import type {
  CheckpointEntry,
  EpochLine,
  LiveProgress,
  MetricsResponse,
  RunEntry,
  RunResponse,
  RunState,
  StepsLine,
  TimingLine,
} from '../api-types.js'
import { atStart, linesAfter } from './lines.js'
import { formatPosition } from './position.js'
import type { NamedRun } from './run-folders.js'
import { fileOf } from './run-folders.js'

/** What is needed of a recipe, of whatever version of the program. */
const recipeSchema = z.looseObject({
  model: z.looseObject({ name: z.string() }),
  data: z.looseObject({ name: z.string() }),
  training: z.looseObject({ epochs: z.number() }),
})

/** Enough for the last line of each kind: there are twenty and one in an epoch. */
const TAIL_BYTES = 16_384

/** A header longer than this is none of a checkpoint of ours. */
const MOST_HEADER_BYTES = 16_000_000

/** A run as the list shows it; undefined for a folder that is none. */
export async function readEntry(run: NamedRun): Promise<RunEntry | undefined> {
  const recipe = await readRecipe(run)
  if (!recipe) return undefined
  const [last, about, changed] = await Promise.all([readLast(run), readAbout(run), lastChange(run)])
  const { epochs } = recipe.training
  return {
    name: run.name,
    state: await stateOf(run, about, epochs),
    model: recipe.model.name,
    data: recipe.data.name,
    epochs,
    epoch: last.epoch?.epoch ?? 0,
    lastSteps: last.steps,
    lastEpoch: last.epoch,
    changed: changed.toISOString(),
  }
}

/** All about a run but its lines. */
export async function readRun(run: NamedRun): Promise<RunResponse | undefined> {
  const [entry, recipe, about, live, checkpoints] = await Promise.all([
    readEntry(run),
    readRecipe(run),
    readAbout(run),
    readProgress(run),
    readCheckpoints(run),
  ])
  if (!entry || !recipe) return undefined
  const { classes, model } = about ?? {}
  return {
    ...entry,
    recipe,
    classes: classes ?? null,
    network: model ? networkOf(model) : null,
    machine: live?.machine ?? null,
    checkpoints,
  }
}

/** All lines of a run. */
export async function readMetrics(run: NamedRun): Promise<MetricsResponse> {
  const metrics = await linesAfter(join(run.path, 'metrics.jsonl'), atStart)
  const timing = await linesAfter(join(run.path, 'timing.jsonl'), atStart)
  return {
    metrics: metrics.lines.map(({ value }) => value as StepsLine | EpochLine),
    timing: timing.lines.map(({ value }) => value as TimingLine).filter(isEpochTiming),
    position: formatPosition({ metrics: metrics.position, timing: timing.position }),
  }
}

/** What computes, which `timing.jsonl` tells too, is no point of a curve. */
export function isEpochTiming({ kind }: { readonly kind: string }): boolean {
  return kind === 'epoch'
}

export async function readProgress(run: NamedRun): Promise<LiveProgress | null> {
  const text = await readFile(join(run.path, 'live.json'), 'utf8').catch(() => undefined)
  return text === undefined ? null : (JSON.parse(text) as LiveProgress)
}

/** What a run does now. */
export async function readState(run: NamedRun): Promise<RunState> {
  const [recipe, about] = await Promise.all([readRecipe(run), readAbout(run)])
  return stateOf(run, about, recipe?.training.epochs ?? Number.POSITIVE_INFINITY)
}

async function stateOf(run: NamedRun, about: CheckpointAbout | undefined, epochs: number): Promise<RunState> {
  if (await isClaimed(join(run.path, 'lock'))) return 'running'
  return about && isFinished(about.progress, epochs) ? 'finished' : 'interrupted'
}

function networkOf(model: CheckpointAbout['model']): RunResponse['network'] {
  const { input, layers, parameters, multiplyAdds } = summarise(model)
  return { input, layers, parameters, multiplyAdds }
}

async function readRecipe(run: NamedRun): Promise<z.infer<typeof recipeSchema> | undefined> {
  try {
    return recipeSchema.parse(parse(await readFile(join(run.path, 'recipe.yaml'), 'utf8')))
  } catch {
    return undefined
  }
}

/** What the last checkpoint says of itself: it is there from before the first step on. */
async function readAbout(run: NamedRun): Promise<CheckpointAbout | undefined> {
  const file = await fileOf(run, 'last.safetensors').catch(() => undefined)
  if (!file) return undefined
  const handle = await open(file)
  try {
    const start = Buffer.alloc(8)
    await handle.read(start, 0, 8, 0)
    const length = start.readBigUInt64LE()
    if (length > MOST_HEADER_BYTES) return undefined
    const beginning = Buffer.alloc(8 + Number(length))
    await handle.read(beginning, 0, beginning.length, 0)
    return decodeCheckpointAbout(beginning, file)
  } catch (error) {
    if (error instanceof AlexNetError) return undefined
    throw error
  } finally {
    await handle.close()
  }
}

async function readCheckpoints(run: NamedRun): Promise<CheckpointEntry[]> {
  const found = await Promise.all(
    (['best', 'last'] as const).map(async (which): Promise<CheckpointEntry[]> => {
      const file = await fileOf(run, `${which}.safetensors`).catch(() => undefined)
      const entry = file && (await stat(file).catch(() => undefined))
      return entry ? [{ which, bytes: entry.size, changed: entry.mtime.toISOString() }] : []
    }),
  )
  return found.flat()
}

async function readLast(run: NamedRun): Promise<{ steps: StepsLine | null; epoch: EpochLine | null }> {
  const file = join(run.path, 'metrics.jsonl')
  const entry = await stat(file).catch(() => undefined)
  if (!entry) return { steps: null, epoch: null }
  // Within a line, most likely: its rest is no JSON and is left out.
  const offset = Math.max(0, entry.size - TAIL_BYTES)
  const values = (await linesAfter(file, { inode: entry.ino, offset })).lines.map(({ value }) => value)
  const ofKind = <Line extends { kind: string }>(kind: Line['kind']) =>
    (values.findLast((value) => (value as Line | null)?.kind === kind) as Line | undefined) ?? null
  return { steps: ofKind<StepsLine>('steps'), epoch: ofKind<EpochLine>('epoch') }
}

async function lastChange(run: NamedRun): Promise<Date> {
  const times = await Promise.all(
    ['metrics.jsonl', 'recipe.yaml', 'last.safetensors'].map(async (name) => {
      const entry = await stat(join(run.path, name)).catch(() => undefined)
      return entry?.mtimeMs ?? 0
    }),
  )
  return new Date(Math.max(...times))
}
