import { availableParallelism } from 'node:os'
import { parse, resolve } from 'node:path'
import type { Dataset, DatasetParts } from '../../data/dataset.js'
import { measureNormalisation } from '../../data/measure-normalisation.js'
import { openPictures } from '../../data/node/open-pictures.js'
import type { ScanReport } from '../../data/node/pictures/load-pictures.js'
import { workerLoader } from '../../data/node/worker-loader.js'
import { picturesOf } from '../../data/pictures.js'
import { inputShape, type Preprocessing } from '../../data/preprocessing.js'
import { resolveTransforms } from '../../data/transforms/transform.js'
import { checkPrecision } from '../../engines/check-precision.js'
import type { Precision } from '../../engines/engine.js'
import { describeMachine } from '../../engines/node/machine.js'
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
import type { Recipe } from '../recipe.js'
import { type EpochEvent, type EvaluationPart, isFinished, type StepEvent, train } from '../trainer.js'
import { evaluationLoader } from './evaluation-loader.js'
import { type LoadPartsOptions, loadParts, type PictureOptions } from './load-parts.js'
import { RunDirectory, readScan } from './run-directory.js'
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
  // Before there is a folder of a run that cannot begin.
  if (!options.resume) await checkPrecision(options.engine.engine, options.precision)
  const run = options.resume?.run ?? (await newRun(options))
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
  const { recipe, data, scan } = await loadParts(options.recipe, {
    directory: options.dataDirectory ?? (resume && (await readScan(run.path))?.path),
    pictures: options.pictures,
    onDownload: observer.onDownload?.bind(observer),
    onScan: observer.onScan?.bind(observer),
    signal,
  })
  if (resume) checkClasses(run, resume.checkpoint, data.train)
  await run.saveRecipe(recipe)
  if (scan) await run.saveScan(scan)

  const { classes } = data.train
  const preprocessing = resume?.checkpoint.preprocessing ?? (await preparePictures(recipe, data.train))
  const model = resume?.checkpoint.model ?? buildModel(recipe, preprocessing, classes.length)
  const state = resume?.checkpoint.state ?? initialState(model, seed)
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
  const { workers = 1 } = options
  const loader = workerLoader({ dataset: data.train, preprocessing, batchSize, seed, workers })
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
    observer.onStart?.({ ...about, engineReason, recipe, model, data, ...(scan && { scan }), threads, progress })

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
        sgd: optimizer,
      },
      {
        async onStep(event, snapshot) {
          clock.count(batchSize, event.waited)
          const { epoch, step, batch } = event.progress
          if (batch % every === 0) {
            const { loss, top1, top5 } = event.training
            run.appendMetrics({ kind: 'steps', epoch: epoch + 1, step, rate: event.rate, loss, top1, top5 })
          }
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
          run.appendMetrics({ kind: 'epoch', epoch, step, rate, training, [part]: event.evaluation })
          const speed = clock.epoch()
          run.appendTiming({ kind: 'epoch', epoch, step, ...speed, at: new Date().toISOString() })
          const checkpoint = checkpointOf(event.progress, await snapshot())
          if (event.isBest) await run.saveBest({ ...checkpoint, state: parametersIn(model, checkpoint.state) })
          await run.saveLast(checkpoint)
          clock.saved()
          observer.onEpoch?.(event, speed.imagesPerSecond)
        },
        onWarning: (message) => observer.onWarning?.(message),
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

/** What is evaluated after each epoch: the validation part, else the test part. */
function evaluatedPart({ validation, test }: DatasetParts): readonly [EvaluationPart, Dataset] {
  return validation ? ['validation', validation] : ['test', test!]
}

/** Pictures that mean and deviation are measured on: more would not change their third digit. */
const MEASURED_PICTURES = 50_000

async function preparePictures(recipe: Recipe, train: Dataset): Promise<Preprocessing> {
  const { read, close } = openPictures(train)
  try {
    const size = recipe.data.size ?? (await read(0)).shape[1]
    const pictures = picturesOf(read, train.labels.length, MEASURED_PICTURES)
    const normalisation = await measureNormalisation(pictures, recipe.data.normalisation, size)
    return { size, augmentation: resolveTransforms(recipe.data.augmentation, size), normalisation }
  } finally {
    close()
  }
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

async function newRun({ recipe, out, dataDirectory }: RunOptions): Promise<RunDirectory> {
  if (out !== undefined) return RunDirectory.create(out, recipe)
  const own = recipe.data.name === 'pictures' && dataDirectory !== undefined
  // A folder's or a list's name, without what a shell would take for something else.
  const name = own ? parse(resolve(dataDirectory)).name.replace(/[^\p{L}\p{N}_.-]+/gu, '-') : recipe.data.name
  return RunDirectory.createNumbered('runs', `${name}-${recipe.model.name}`, recipe)
}
