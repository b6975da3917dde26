import { stat } from 'node:fs/promises'
import { summarise } from '../../models/summary.js'
import type { CheckpointAbout } from '../../runs/checkpoint.js'
import { readAfter, runStart } from '../../runs/node/follow-run.js'
import {
  changeOf,
  readLastAbout,
  readLastLines,
  readLiveProgress,
  readRecipeOutline,
  readState,
} from '../../runs/node/read-run.js'
import { runFiles } from '../../runs/node/run-files.js'
import { fileOf, type NamedRun } from '../../runs/node/run-folders.js'
import { type CheckpointName, checkpointNames, whichCheckpoint } from '../../runs/which-checkpoint.js'
import type { CheckpointEntry, MetricsResponse, RunEntry, RunResponse } from '../api-types.js'
import { formatPosition } from './position.js'

/** A run as the list shows it; undefined for a folder that is none. */
export async function runEntry(run: NamedRun): Promise<RunEntry | undefined> {
  const recipe = await readRecipeOutline(run)
  if (!recipe) return undefined
  const [state, last, changed] = await Promise.all([readState(run), readLastLines(run), lastChange(run)])
  return {
    name: run.name,
    state,
    model: recipe.model.name,
    data: recipe.data.name,
    epochs: recipe.training.epochs,
    epoch: last.epoch?.epoch ?? 0,
    lastSteps: last.steps ?? null,
    lastEpoch: last.epoch ?? null,
    changed: changed.toISOString(),
  }
}

/** All about a run but its lines. */
export async function runResponse(run: NamedRun): Promise<RunResponse | undefined> {
  const [entry, recipe, about, live, checkpoints] = await Promise.all([
    runEntry(run),
    readRecipeOutline(run),
    readLastAbout(run),
    readLiveProgress(run),
    checkpointsOf(run),
  ])
  if (!entry || !recipe) return undefined
  return {
    ...entry,
    recipe,
    classes: about?.classes ?? null,
    network: about ? networkOf(about.model) : null,
    machine: live?.machine ?? null,
    checkpoints,
  }
}

/** All lines of a run. */
export async function metricsResponse(run: NamedRun): Promise<MetricsResponse> {
  const { metrics, timing, position } = await readAfter(run, runStart)
  return {
    metrics: metrics.map(({ value }) => value),
    timing: timing.map(({ value }) => value).filter((line) => line.kind === 'epoch'),
    position: formatPosition(position),
  }
}

/** The checkpoint to use where none is named, as `alexnet predict` chooses. */
export async function chosenCheckpoint(run: NamedRun): Promise<CheckpointName> {
  const about = await readLastAbout(run)
  return about ? whichCheckpoint(about, (await fileOf(run, runFiles.best)) !== undefined) : 'last'
}

function networkOf(model: CheckpointAbout['model']): RunResponse['network'] {
  const { input, layers, parameters, multiplyAdds } = summarise(model)
  return { input, layers, parameters, multiplyAdds }
}

async function checkpointsOf(run: NamedRun): Promise<CheckpointEntry[]> {
  const found = await Promise.all(
    checkpointNames.map(async (which): Promise<CheckpointEntry[]> => {
      const file = await fileOf(run, runFiles[which])
      const entry = file && (await stat(file).catch(() => undefined))
      return entry ? [{ which, bytes: entry.size, changed: entry.mtime.toISOString() }] : []
    }),
  )
  return found.flat()
}

async function lastChange(run: NamedRun): Promise<Date> {
  const { metrics, recipe, last } = runFiles
  return new Date(Math.max(...(await Promise.all([metrics, recipe, last].map((file) => changeOf(run, file))))))
}
