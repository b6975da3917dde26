import { availableParallelism } from 'node:os'
import type { Dataset, DatasetParts } from '../../data/dataset.js'
import { type LoadOptions, loadDataset } from '../../data/node/load-dataset.js'
import { workerLoader } from '../../data/node/worker-loader.js'
import { measureNormalisation } from '../../data/normalisation.js'
import { inputShape, type Preprocessing } from '../../data/preprocessing.js'
import { holdOut } from '../../data/split.js'
import { resolveTransforms } from '../../data/transforms/transform.js'
import { checkPrecision } from '../../engines/check-precision.js'
import type { Precision } from '../../engines/engine.js'
import type { SelectedEngine } from '../../engines/node/select-engine.js'
import { AlexNetError } from '../../errors.js'
import { createModel } from '../../models/catalogue.js'
import { initialState } from '../../models/initial-state.js'
import type { Model } from '../../models/model.js'
import type { Tensors } from '../../tensor.js'
import { type Checkpoint, isFiniteState, parametersIn } from '../checkpoint.js'
import { classifier } from '../classifier.js'
import type { Metrics } from '../metrics.js'
import { freshProgress, type Progress } from '../progress.js'
import { type Recipe, resolveRecipe } from '../recipe.js'
import { type EpochEvent, type StepEvent, train } from '../trainer.js'
import { LiveWriter } from './live-writer.js'
import { RunDirectory } from './run-directory.js'

export interface RunOptions {
  readonly recipe: Recipe
  readonly engine: SelectedEngine
  /** The folder that holds the data set. */
  readonly dataDirectory?: string
  /** A new folder for the run; default: the next free `runs/<data>-<model>-<number>`. */
  readonly out?: string
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
}

/** What a run is made of, told before the first step. */
export interface RunStart {
  readonly run: string
  readonly recipe: Recipe
  readonly model: Model
  readonly data: DatasetParts
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
  onDownload?: LoadOptions['onDownload']
}

export interface RunSummary {
  readonly run: string
  readonly epochs: number
  readonly engine: string
  readonly precision: Precision
  readonly imagesPerSecond: number
  /** The test part, classified with the last parameters; undefined when the run was interrupted. */
  readonly test?: Metrics
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
  // Before there is a folder of a run that cannot begin.
  if (!options.resume) await checkPrecision(options.engine.engine, options.precision)
  const run = options.resume?.run ?? (await newRun(options.recipe, options.out))
  try {
    return await trainIn(run, options, observer)
  } finally {
    await run.close()
  }
}

async function trainIn(run: RunDirectory, options: RunOptions, observer: RunObserver): Promise<RunSummary> {
  const { resume, signal, precision = 'float32' } = options
  const { engine, reason: engineReason } = options.engine
  const threads = options.threads ?? availableParallelism()
  const { batchSize, epochs, seed } = options.recipe.training
  const { recipe, data } = await loadParts(options, observer)
  await run.saveRecipe(recipe)

  const { classes } = data.train
  const preprocessing = resume?.checkpoint.preprocessing ?? preparePictures(recipe, data.train)
  const model = resume?.checkpoint.model ?? buildModel(recipe, preprocessing, classes.length)
  const state = resume?.checkpoint.state ?? initialState(model, seed)
  const progress = startingProgress(recipe, resume?.checkpoint)
  const evaluated = data.validation ?? data.test

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
  const loader = live.watch(
    workerLoader({ dataset: data.train, preprocessing, batchSize, seed, workers: options.workers ?? 1 }),
  )
  try {
    // From here on there is always a checkpoint to go on from.
    if (!resume) await run.saveLast(checkpointOf(progress, state))
    const about = { run: run.path, engine: engine.name, precision }
    observer.onStart?.({ ...about, engineReason, recipe, model, data, threads, progress })

    const clock = new Clock(options.checkpointSeconds ?? 300)
    const every = Math.max(1, Math.floor(loader.batchesPerEpoch / LINES_PER_EPOCH))
    let lastEvaluation: Metrics | undefined
    const { optimizer, schedule } = recipe
    const evaluation = { dataset: evaluated, preprocessing }
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
        state,
        progress,
        signal,
        rate: optimizer.rate,
        sgd: optimizer,
      },
      {
        async onStep(event, snapshot) {
          clock.count(batchSize)
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
          const part = data.validation ? 'validation' : 'test'
          const { rate, training } = event
          run.appendMetrics({ kind: 'epoch', epoch, step, rate, training, [part]: event.evaluation })
          const speed = clock.epoch()
          run.appendTiming({ kind: 'epoch', epoch, step, ...speed, at: new Date().toISOString() })
          const checkpoint = checkpointOf(event.progress, await snapshot())
          if (event.isBest) await run.saveBest({ ...checkpoint, state: parametersIn(model, checkpoint.state) })
          await run.saveLast(checkpoint)
          live.onEpoch(event, checkpoint.state)
          clock.saved()
          observer.onEpoch?.(event, speed.imagesPerSecond)
        },
        onEvaluated: (batch, logits) => live.onEvaluated(batch, logits),
        onWarning,
      },
    )

    const summary = { ...about, epochs: result.progress.epoch, imagesPerSecond: clock.imagesPerSecond() }
    if (result.interrupted) {
      await run.saveLast(checkpointOf(result.progress, result.state))
      return { ...summary, interrupted: true }
    }
    if (lastEvaluation && evaluated === data.test) return { ...summary, test: lastEvaluation, interrupted: false }
    const tester = await classifier(engine, model, { batchSize, threads, precision })
    await tester.load(result.state)
    const test = await tester.evaluate(data.test, preprocessing)
    await tester.dispose()
    return { ...summary, test, interrupted: false }
  } finally {
    await loader.close()
    await live.close()
  }
}

/** Loads the data, holds out the validation pictures, and completes the recipe with their number. */
async function loadParts(options: RunOptions, observer: RunObserver): Promise<{ recipe: Recipe; data: DatasetParts }> {
  const { name } = options.recipe.data
  const { seed } = options.recipe.training
  const parts = await loadDataset(name, {
    directory: options.dataDirectory,
    seed,
    onDownload: observer.onDownload,
    signal: options.signal,
  })
  const recipe = options.resume ? options.recipe : resolveRecipe(options.recipe, parts.train.labels.length)
  const { validation } = recipe.data
  return { recipe, data: validation > 0 ? { ...parts, ...holdOut(parts.train, validation, seed) } : parts }
}

function preparePictures(recipe: Recipe, train: Dataset): Preprocessing {
  const size = recipe.data.size ?? train.imageShape[1]
  const augmentation = resolveTransforms(recipe.data.augmentation, size)
  return { size, augmentation, normalisation: measureNormalisation(train, recipe.data.normalisation, size) }
}

function buildModel(recipe: Recipe, preprocessing: Preprocessing, classes: number): Model {
  const { name, ...modelOptions } = recipe.model
  return createModel(name, { inputShape: inputShape(preprocessing), classes }, modelOptions)
}

/** A run that its schedule has ended goes on only under another schedule. */
function startingProgress({ schedule }: Recipe, checkpoint: Checkpoint | undefined): Progress {
  if (!checkpoint) return freshProgress
  const same = JSON.stringify(schedule) === JSON.stringify(checkpoint.recipe.schedule)
  return { ...checkpoint.progress, endedBySchedule: same && checkpoint.progress.endedBySchedule }
}

async function newRun(recipe: Recipe, out: string | undefined): Promise<RunDirectory> {
  if (out !== undefined) return RunDirectory.create(out, recipe)
  return RunDirectory.createNumbered('runs', `${recipe.data.name}-${recipe.model.name}`, recipe)
}

/** Measures the speed of training, and says when the next checkpoint is due. Evaluation and saving do not count. */
class Clock {
  private lastSave = performance.now()
  /** When the last step ended; undefined before the first, which also compiles the program and is not counted. */
  private lastStep: number | undefined
  private readonly total = { pictures: 0, seconds: 0 }
  private current = { pictures: 0, seconds: 0 }

  constructor(private readonly checkpointSeconds: number) {}

  count(pictures: number): void {
    const now = performance.now()
    if (this.lastStep !== undefined)
      for (const sum of [this.total, this.current]) {
        sum.pictures += pictures
        sum.seconds += (now - this.lastStep) / 1000
      }
    this.lastStep = now
  }

  /** The speed of the epoch that ends here. */
  epoch(): { seconds: number; imagesPerSecond: number } {
    const { pictures, seconds } = this.current
    this.current = { pictures: 0, seconds: 0 }
    return { seconds, imagesPerSecond: pictures / Math.max(seconds, 1e-9) }
  }

  imagesPerSecond(): number {
    return this.total.pictures / Math.max(this.total.seconds, 1e-9)
  }

  isDue(): boolean {
    return (performance.now() - this.lastSave) / 1000 >= this.checkpointSeconds
  }

  saved(): void {
    this.lastSave = performance.now()
    this.lastStep = this.lastSave
  }
}
