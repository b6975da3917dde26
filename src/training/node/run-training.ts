import { availableParallelism } from 'node:os'
import { parse, resolve } from 'node:path'
import { checkLoaderOptions } from '../../data/batch-loader.js'
import type { Dataset, DatasetParts } from '../../data/dataset.js'
import type { ScanReport } from '../../data/node/pictures/scan-report.js'
import { workerLoader } from '../../data/node/worker-loader.js'
import { checkPrecision } from '../../engines/check-precision.js'
import type { Precision } from '../../engines/engine.js'
import { describeMachine } from '../../engines/node/machine.js'
import type { SelectedEngine } from '../../engines/node/select-engine.js'
import { AlexNetError } from '../../errors.js'
import { classifier } from '../../inference/classifier.js'
import { evaluationLoader } from '../../inference/node/evaluation-loader.js'
import type { Model } from '../../models/model.js'
import { type Checkpoint, isFiniteState, withoutOptimizerState } from '../../runs/checkpoint.js'
import type { Metrics } from '../../runs/metrics.js'
import { type LoadedParts, type LoadPartsOptions, loadParts, type PictureOptions } from '../../runs/node/load-parts.js'
import { RunDirectory } from '../../runs/node/run-directory.js'
import { readScan } from '../../runs/node/scan-file.js'
import { type EvaluationPart, isFinished, type Progress } from '../../runs/progress.js'
import { optimizerIn, type Recipe } from '../../runs/recipe.js'
import type { Tensors } from '../../tensor.js'
import { evaluatedPart, startingProgress } from '../prepare-run.js'
import { type EpochEvent, type StepEvent, train } from '../trainer.js'
import { type Beginning, beginTraining } from './begin-training.js'
import { LiveWriter } from './live-writer.js'
import { TrainingClock } from './training-clock.js'

export interface RunOptions {
  readonly recipe: Recipe
  readonly engine: SelectedEngine
  /** The folder that holds the data set; default for one's own pictures: where they were when the run began. */
  readonly dataDirectory?: string
  /** How a folder of pictures is read. */
  readonly pictures?: PictureOptions
  /** A new folder for the run; default: the next free `runs/<data>-<model>-<number>`. */
  readonly out?: string
  /** A trained network to begin with; its last layer is replaced where the classes are others. */
  readonly weights?: Checkpoint
  /** Continue this run instead of starting one; `recipe` then holds its settings. */
  readonly resume?: { readonly run: RunDirectory; readonly checkpoint: Checkpoint }
  /** Default: all processors that this process may use. */
  readonly threads?: number
  /** Default: float32. */
  readonly precision?: Precision
  /** Threads that prepare batches; default 1. The result does not depend on it. */
  readonly workers?: number
  /** Seconds between checkpoints within an epoch; one is written after each epoch in any case. Default 300. */
  readonly checkpointSeconds?: number
  /** Ends the run after the current step, with a checkpoint. */
  readonly signal?: AbortSignal
  /** What else is made of a run that has come to its end, while its pictures are there. All is saved by then. */
  readonly afterwards?: (trained: TrainedRun) => Promise<void>
}

/** A run that has come to its end: its checkpoints are written. */
export interface TrainedRun {
  readonly run: string
  readonly data: DatasetParts
  /** The part that nothing was chosen by, else the validation part. */
  readonly part: EvaluationPart
}

/** What a run is made of, told before the first step. */
export interface RunStart {
  readonly run: string
  readonly recipe: Recipe
  readonly model: Model
  readonly data: DatasetParts
  /** What was found in a folder of pictures. */
  readonly scan?: ScanReport
  /** The layer that begins anew in a trained network. */
  readonly head?: string
  readonly engine: string
  readonly engineReason: string
  readonly threads: number
  readonly precision: Precision
  readonly progress: Progress
}

export interface RunObserver {
  onStart?(start: RunStart): void
  onStep?(event: StepEvent): void
  onEpoch?(event: EpochEvent, imagesPerSecond: number): void
  onWarning?(message: string): void
  onDownload?: LoadPartsOptions['onDownload']
  /** Tells how far the first reading of one's own pictures has come. */
  onScan?: LoadPartsOptions['onScan']
}

export interface RunSummary {
  readonly run: string
  readonly epochs: number
  readonly engine: string
  readonly precision: Precision
  readonly imagesPerSecond: number
  /** The share of the time of training in which the engine waited for pictures. */
  readonly waitingShare: number
  /** The part that nothing was chosen by, else the validation part, with the last parameters; undefined when the run was interrupted. */
  readonly test?: Metrics
  readonly validation?: Metrics
  readonly interrupted: boolean
}

/** Steps between two lines in the metrics: twenty lines an epoch show a curve. */
const LINES_PER_EPOCH = 20

/**
 * Trains as a recipe says, in a run's folder: data, engine, checkpoints, metrics.
 *
 * @throws AlexNetError for everything that can be wrong with the settings, the data, the folder or the training itself.
 * @example
 * const recipe = await readRecipe('80sec')
 * const { test } = await runTraining({ recipe, engine: await selectEngine('auto') })
 */
export async function runTraining(options: RunOptions, observer: RunObserver = {}): Promise<RunSummary> {
  let run = options.resume?.run
  try {
    // Whatever can be wrong is to show before there is a folder of a run that cannot begin.
    if (!run) await checkPrecision(options.engine.engine, options.precision)
    if (!run && options.out !== undefined) await RunDirectory.expectFree(options.out)
    const prepared = await prepare(options, observer)
    run ??= await newRun(options)
    return await trainIn(run, prepared, options, observer)
  } finally {
    await run?.close()
  }
}

interface Prepared extends LoadedParts, Beginning {}

/** Loads the data, and makes or takes over the network. */
async function prepare(options: RunOptions, observer: RunObserver): Promise<Prepared> {
  const { resume, signal } = options
  const loaded = await loadParts(options.recipe, {
    directory: options.dataDirectory ?? (resume && (await readScan(resume.run.path))?.path),
    pictures: options.pictures,
    onDownload: observer.onDownload?.bind(observer),
    onScan: observer.onScan?.bind(observer),
    signal,
  })
  const { recipe, data } = loaded
  if (resume) checkClasses(resume.run, resume.checkpoint, data.train)
  const { preprocessing, model, state, head }: Beginning =
    resume?.checkpoint ?? (await beginTraining(recipe, data.train, options.weights))
  checkLoaderOptions({ dataset: data.train, preprocessing, ...recipe.training })
  return { ...loaded, preprocessing, model, state, head }
}

async function trainIn(
  run: RunDirectory,
  prepared: Prepared,
  options: RunOptions,
  observer: RunObserver,
): Promise<RunSummary> {
  const { recipe, data, scan, preprocessing, model, state, head } = prepared
  const { resume, signal, precision = 'float32' } = options
  const { engine, reason: engineReason } = options.engine
  const threads = options.threads ?? availableParallelism()
  const { batchSize, epochs, seed } = recipe.training
  await run.saveRecipe(recipe)
  if (scan) await run.saveScan(scan)

  const { classes } = data.train
  const progress = startingProgress(recipe, resume?.checkpoint)
  const [part, evaluated] = evaluatedPart(data)

  const checkpointOf = (at: Progress, parameters: Tensors): Checkpoint => {
    if (!isFiniteState(parameters))
      throw new AlexNetError(
        'diverged',
        'the training has diverged: a parameter is no longer a finite number',
        `Lower the rate (--lr); the last good checkpoint is in ${run.path}.`,
      )
    return { model, classes, preprocessing, recipe, progress: at, state: parameters }
  }
  const onWarning = (message: string) => observer.onWarning?.(message)
  const live = new LiveWriter({
    ...{ run, recipe, model, classes, preprocessing, threads, precision, onWarning },
    engine: engine.name,
  })
  const { workers = 1 } = options
  const loader = live.watch(workerLoader({ dataset: data.train, preprocessing, batchSize, seed, workers }))
  const evaluation = evaluationLoader({ dataset: evaluated, preprocessing, batchSize, workers })
  const evaluateOnce = async (dataset: Dataset, parameters: Tensors): Promise<Metrics> => {
    const own = dataset === evaluated ? evaluation : evaluationLoader({ dataset, preprocessing, batchSize, workers })
    const net = await classifier(engine, model, { batchSize, threads, precision })
    try {
      await net.load(parameters)
      return await net.evaluate(own)
    } finally {
      await net.dispose()
      await own.close()
    }
  }
  try {
    // From here on there is always a checkpoint to go on from.
    if (!resume) await run.saveLast(checkpointOf(progress, state))
    const about = { run: run.path, engine: engine.name, precision }
    if (!isFinished(progress, epochs))
      run.appendTiming({
        ...{ kind: 'start', epoch: progress.epoch, step: progress.step },
        ...{ engine: engine.name, precision, threads, machine: describeMachine() },
        at: new Date().toISOString(),
      })
    observer.onStart?.({ ...about, engineReason, recipe, model, data, scan, head, threads, progress })

    const clock = new TrainingClock(options.checkpointSeconds ?? 300)
    const every = Math.max(1, Math.floor(loader.batchesPerEpoch / LINES_PER_EPOCH))
    let lastEvaluation: Metrics | undefined
    const { optimizer, schedule } = recipe
    const result = await train(
      {
        model,
        engine,
        threads,
        precision,
        loader,
        batchSize,
        epochs,
        seed,
        schedule,
        evaluation,
        evaluationPart: part,
        state,
        progress,
        signal,
        rate: optimizer.rate,
        optimizer: optimizerIn(recipe),
      },
      {
        async onStep(event, snapshot) {
          clock.count(batchSize, event.waited)
          const { epoch, step, batch } = event.progress
          if (batch % every === 0) {
            const { loss, top1, top5 } = event.training
            run.appendMetrics({ kind: 'steps', epoch: epoch + 1, step, rate: event.rate, loss, top1, top5 })
          }
          live.onStep(event)
          observer.onStep?.(event)
          if (clock.isDue()) {
            await run.saveLast(checkpointOf(event.progress, await snapshot()))
            clock.saved()
          }
        },
        async onEpoch(event, snapshot) {
          lastEvaluation = event.evaluation
          const { epoch, step } = event.progress
          const { rate, training } = event
          const evaluated = part === 'validation' ? { validation: event.evaluation } : { test: event.evaluation }
          run.appendMetrics({ kind: 'epoch', epoch, step, rate, training, ...evaluated })
          const speed = clock.epoch()
          run.appendTiming({ kind: 'epoch', epoch, step, ...speed, at: new Date().toISOString() })
          const checkpoint = checkpointOf(event.progress, await snapshot())
          if (event.isBest) await run.saveBest({ ...checkpoint, state: withoutOptimizerState(model, checkpoint.state) })
          await run.saveLast(checkpoint)
          live.onEpoch(event, checkpoint.state)
          clock.saved()
          observer.onEpoch?.(event, speed.imagesPerSecond)
        },
        onEvaluated: (classified) => live.onEvaluated(classified),
        onWarning,
      },
    )

    const summary = {
      ...about,
      epochs: result.progress.epoch,
      imagesPerSecond: clock.imagesPerSecond(),
      waitingShare: clock.waitingShare(),
    }
    if (result.interrupted) {
      await run.saveLast(checkpointOf(result.progress, result.state))
      return { ...summary, interrupted: true }
    }
    // Without an evaluation the run was complete already.
    const evaluations: Partial<Record<EvaluationPart, Metrics>> = lastEvaluation ? { [part]: lastEvaluation } : {}
    const unseen: EvaluationPart = data.test ? 'test' : 'validation'
    evaluations[unseen] ??= await evaluateOnce(data[unseen]!, result.state)
    await options.afterwards?.({ run: run.path, data, part: unseen })
    return { ...summary, ...evaluations, interrupted: false }
  } finally {
    await loader.close()
    await evaluation.close()
    await live.close()
  }
}

/** A run goes on with the classes that it began with. */
function checkClasses(run: RunDirectory, { classes }: Checkpoint, train: Dataset): void {
  if (train.classes.join('\n') === classes.join('\n')) return
  throw new AlexNetError(
    'incompatible-state',
    `${run.path} tells ${classes.length} classes apart (${classes[0]}, …), ${train.name} has ${train.classes.length} (${train.classes[0]}, …)`,
    'Give the folder that it was begun with: --data DIR.',
  )
}

async function newRun({ recipe, out, dataDirectory }: RunOptions): Promise<RunDirectory> {
  if (out !== undefined) return RunDirectory.create(out, recipe)
  const own = recipe.data.name === 'pictures' && dataDirectory !== undefined
  // A folder's or a list's name, without what a shell would take for something else.
  const name = own ? parse(resolve(dataDirectory)).name.replace(/[^\p{L}\p{N}_.-]+/gu, '-') : recipe.data.name
  return RunDirectory.createNumbered('runs', `${name}-${recipe.model.name}`, recipe)
}
