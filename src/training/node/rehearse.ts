import { availableParallelism } from 'node:os'
import { type Dataset, subset } from '../../data/dataset.js'
import { workerLoader } from '../../data/node/worker-loader.js'
import { expectPrecision } from '../../engines/registry.js'
import { classifier } from '../../inference/classifier.js'
import { evaluationLoader } from '../../inference/node/evaluation-loader.js'
import { RunDirectory } from '../../runs/node/run-directory.js'
import { loaderOptionsOf, trainerOptionsOf } from '../prepare-run.js'
import { type TrainerHooks, train } from '../trainer.js'
import { prepare, type RunObserver, type RunStart, type Settings, trainingEngine } from './run-training.js'

/** What a training would be, and how long it would take by the steps that were tried. */
export interface Rehearsal {
  /** What it would begin with. */
  readonly start: Omit<RunStart, 'run'>
  readonly batchesPerEpoch: number
  /** Of the whole training. */
  readonly steps: number
  /** The median of the steps that were tried, with the wait for their pictures. */
  readonly secondsPerStep: number
  /** Of all pictures that are evaluated after an epoch. */
  readonly secondsPerEvaluation: number
  /** Of the whole training; a schedule may end it earlier. */
  readonly seconds: number
  /** The most that this process has held so far. */
  readonly peakMemoryBytes: number
}

/** The first steps are slower, and count for nothing. */
const WARM_UP = 2
/** So many are tried, or as many as there are in some seconds. */
const MOST_STEPS = 32
const TRIED_SECONDS = 4
/** Batches that are evaluated. */
const EVALUATED_BATCHES = 3

/**
 * Does all of a training but train: reads the data, makes the network, and tries a few steps. Nothing is written.
 *
 * @param observer Is told what it would begin with, without the folder of a run. Its methods are called as functions.
 * @throws AlexNetError as `runTraining` does.
 */
export async function rehearse(
  settings: Settings,
  observer: Omit<RunObserver, 'onStart'> & { onStart?(start: Omit<RunStart, 'run'>): void } = {},
): Promise<Rehearsal> {
  const { precision = 'float32', workers = 1, threads = availableParallelism(), signal, out } = settings
  const { engine } = settings.engine
  expectPrecision(engine, precision)
  if (out !== undefined) await RunDirectory.expectFree(out)
  const pictures = { ...settings.pictures, writesNothing: true }
  const { onStart, ...told } = observer
  const prepared = await prepare({ ...settings, pictures }, told)
  const { engine: training, reason: engineReason } = await trainingEngine(settings.engine, prepared, {
    threads,
    precision,
  })
  const start = { ...prepared, engine: training.name, engineReason, threads, precision }
  onStart?.(start)

  const computing = { engine, threads, precision }
  const { preprocessing, recipe, evaluated, model, state } = prepared
  const { batchSize, epochs } = recipe.training
  const loader = workerLoader({ ...loaderOptionsOf(prepared), workers })
  const some = beginningOf(evaluated, EVALUATED_BATCHES * batchSize)
  const evaluation = evaluationLoader({ dataset: some, preprocessing, batchSize, workers })
  try {
    const { batchesPerEpoch } = loader
    // Patience might end the steps before there are enough of them.
    const { patience: _, ...trained } = trainerOptionsOf(prepared)
    const options = { ...trained, ...computing, loader, evaluation, epochs: MOST_STEPS }
    const secondsPerStep = await timeSteps(signal, (own, hooks) => train({ ...options, signal: own }, hooks))
    signal?.throwIfAborted()
    const net = await classifier(engine, model, { batchSize, threads, precision })
    try {
      await net.load(state)
      const from = performance.now()
      await net.evaluate(evaluation, signal)
      const share = some.labels.length / evaluated.labels.length
      const secondsPerEvaluation = (performance.now() - from) / 1000 / share
      return {
        start,
        batchesPerEpoch,
        steps: epochs * batchesPerEpoch,
        secondsPerStep,
        secondsPerEvaluation,
        seconds: epochs * (batchesPerEpoch * secondsPerStep + secondsPerEvaluation),
        peakMemoryBytes: 1024 * process.resourceUsage().maxRSS,
      }
    } finally {
      await net.dispose()
    }
  } finally {
    await loader.close()
    await evaluation.close()
  }
}

/**
 * The median time of a step.
 * @param work Trains until its signal is aborted.
 */
async function timeSteps(
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal, hooks: TrainerHooks) => Promise<unknown>,
): Promise<number> {
  const enough = new AbortController()
  const times: number[] = []
  const start = performance.now()
  let before = start
  await work(outer ? AbortSignal.any([outer, enough.signal]) : enough.signal, {
    onStep() {
      const now = performance.now()
      times.push((now - before) / 1000)
      before = now
      const isLong = times.length > WARM_UP && now - start >= 1000 * TRIED_SECONDS
      if (times.length >= MOST_STEPS || isLong) enough.abort()
    },
    // What an evaluation takes is no step's time.
    onEpoch() {
      before = performance.now()
    },
  })
  const counted = times.slice(WARM_UP).sort((a, b) => a - b)
  return counted[Math.floor(counted.length / 2)]
}

function beginningOf(dataset: Dataset, pictures: number): Dataset {
  const count = Math.min(pictures, dataset.labels.length)
  return subset(dataset, [...Array(count).keys()], dataset.name)
}
