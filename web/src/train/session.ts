import { signal } from '@preact/signals'
import { decodeCheckpoint } from 'alexnet'
import { trainInWorker, type WebStepEvent, type WebTraining, type WebTrainingStart } from 'alexnet/web'
import { startWorker } from '../worker/start-worker.ts'
import { CurveRecorder, type Curves } from './curves.ts'
import { chosenData, device, recipe, startingPoint } from './settings.ts'

export type SessionState = 'preparing' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed'

/** The training of this tab. It goes on while other views are looked at. */
export interface Session {
  readonly training: WebTraining
  readonly start: WebTrainingStart
}

export const session = signal<Session | null>(null)
export const state = signal<SessionState | null>(null)
export const problem = signal<unknown>(null)
export const warning = signal<string | null>(null)
/** The last step, and the last evaluation. */
export const lastStep = signal<WebStepEvent | null>(null)
export const lastEvaluation = signal<{ readonly epoch: number; readonly loss: number; readonly top1: number } | null>(
  null,
)
export const curves = signal<Curves>(new CurveRecorder().curves())
/** The base rate ε, which can be changed while the training runs. */
export const baseRate = signal(0)

let worker: Worker | undefined
/** Screens need no more than this; a small net makes many more steps a second. */
const REDRAW = 150

/** Starts a training with the settings as they are; another one ends. */
export async function begin(): Promise<void> {
  endWorker()
  problem.value = null
  warning.value = null
  lastStep.value = null
  lastEvaluation.value = null
  session.value = null
  state.value = 'preparing'
  const recorder = new CurveRecorder()
  curves.value = recorder.curves()
  const mine = startWorker('training')
  worker = mine
  let latest: WebStepEvent | null = null
  const redraw = throttled(() => {
    if (worker !== mine) return
    curves.value = recorder.curves()
    lastStep.value = latest
  })
  try {
    const training = await trainInWorker(
      mine,
      { data: chosenData(), recipe: recipe.value, checkpoint: startingPoint.value?.bytes, device: device.value },
      {
        onStep(event) {
          const { epoch, batch } = event.progress
          recorder.step(epoch + batch / event.batchesPerEpoch, event.loss, 1 - event.accuracy)
          latest = event
          redraw()
        },
        onEpoch({ progress, evaluation }) {
          recorder.epoch(progress.epoch, evaluation.loss, 1 - evaluation.top1)
          lastEvaluation.value = { epoch: progress.epoch, ...evaluation }
          redraw()
        },
        onWarning(message) {
          warning.value = message
        },
      },
    )
    if (worker !== mine) return
    session.value = { training, start: training.start }
    baseRate.value = training.start.recipe.optimizer.rate
    state.value = 'running'
    training.finished.then(
      ({ interrupted }) => {
        if (worker === mine) state.value = interrupted ? 'stopped' : 'finished'
      },
      (error: unknown) => {
        if (worker === mine) fail(error)
      },
    )
  } catch (error) {
    if (worker === mine) fail(error)
  }
}

export async function pause(): Promise<void> {
  await session.value?.training.pause()
  if (state.value === 'running') state.value = 'paused'
}

export async function resume(): Promise<void> {
  await session.value?.training.resume()
  if (state.value === 'paused') state.value = 'running'
}

export async function stop(): Promise<void> {
  await session.value?.training.stop()
}

export async function setRate(rate: number): Promise<void> {
  baseRate.value = rate
  await session.value?.training.setRate(rate)
}

/**
 * Takes a checkpoint as what the next training goes on from, and its settings.
 * @throws AlexNetError `corrupt-data`, `incompatible-state`
 */
export async function openStartingPoint(file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const checkpoint = decodeCheckpoint(bytes, file.name)
  startingPoint.value = { name: file.name, bytes, step: checkpoint.progress.step }
  const { epochs } = checkpoint.recipe.training
  recipe.value = {
    ...checkpoint.recipe,
    // A training that has come to its end goes on for some more epochs.
    training: {
      ...checkpoint.recipe.training,
      epochs: checkpoint.progress.epoch < epochs ? epochs : checkpoint.progress.epoch + 3,
    },
  }
}

function fail(error: unknown): void {
  problem.value = error
  state.value = 'failed'
}

function endWorker(): void {
  worker?.terminate()
  worker = undefined
}

/** Calls `draw` at most every `REDRAW` milliseconds. */
function throttled(draw: () => void): () => void {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
    setTimeout(() => {
      waiting = false
      draw()
    }, REDRAW)
  }
}
