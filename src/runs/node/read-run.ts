import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { isClaimed } from '../../data/node/claim.js'
import type { CheckpointAbout } from '../checkpoint.js'
import { type EpochLine, metricsLineSchema, parseLine, type StepsLine } from '../lines.js'
import { decodeLiveSnapshot, type LiveProgress, type LiveSnapshot, liveProgressSchema } from '../live.js'
import { isFinished, type RunState } from '../progress.js'
import { type RecipeOutline, recipeOutlineSchema } from '../recipe-outline.js'
import { readCheckpointAbout } from './checkpoint-files.js'
import { lastLines } from './line-files.js'
import { runFiles } from './run-files.js'
import { fileOf, type NamedRun } from './run-folders.js'

/** Enough for the last line of each kind: there are twenty and one in an epoch. */
const TAIL_BYTES = 16_384

/** Undefined for a folder without a recipe, or with one that cannot be read. */
export async function readRecipeOutline(run: NamedRun): Promise<RecipeOutline | undefined> {
  try {
    return recipeOutlineSchema.parse(parse(await readFile(join(run.path, runFiles.recipe), 'utf8')))
  } catch {
    return undefined
  }
}

/** What the last checkpoint says of itself: it is there from before the first step on. */
export async function readLastAbout(run: NamedRun): Promise<CheckpointAbout | undefined> {
  const file = await fileOf(run, runFiles.last)
  return file === undefined ? undefined : readCheckpointAbout(file)
}

/** What a run does now. */
export async function readState(run: NamedRun): Promise<RunState> {
  if (await isClaimed(join(run.path, runFiles.lock))) return 'running'
  const [recipe, about] = await Promise.all([readRecipeOutline(run), readLastAbout(run)])
  return recipe && about && isFinished(about.progress, recipe.training.epochs) ? 'finished' : 'interrupted'
}

/** The last line of metrics of each kind. */
export async function readLastLines(run: NamedRun): Promise<{ steps?: StepsLine; epoch?: EpochLine }> {
  const lines = await lastLines(join(run.path, runFiles.metrics), metricsLineSchema, TAIL_BYTES)
  return {
    steps: lines.findLast((line) => line.kind === 'steps'),
    epoch: lines.findLast((line) => line.kind === 'epoch'),
  }
}

/** Where the training of a run is, or was last; undefined for a run that has not told. */
export async function readLiveProgress(run: NamedRun): Promise<LiveProgress | undefined> {
  const text = await readFile(join(run.path, runFiles.liveProgress), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : parseLine(liveProgressSchema, text)
}

/** What the net of a run looked like after an epoch; undefined for a run that has not told. */
export async function readLiveSnapshot(run: NamedRun): Promise<LiveSnapshot | undefined> {
  const file = await fileOf(run, runFiles.liveSnapshot)
  const bytes = file === undefined ? undefined : await readFile(file).catch(() => undefined)
  return bytes && decodeLiveSnapshot(bytes)
}

/** When a file of a run was written last, in milliseconds; 0: it is not there. */
export async function changeOf(run: NamedRun, file: string): Promise<number> {
  return (await stat(join(run.path, file)).catch(() => undefined))?.mtimeMs ?? 0
}
