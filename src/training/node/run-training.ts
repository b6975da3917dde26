import { availableParallelism } from 'node:os'
import { parse, resolve } from 'node:path'
import type { Dataset, DatasetParts } from '../../data/dataset.js'
import { openPictures } from '../../data/node/open-pictures.js'
import type { ScanReport } from '../../data/node/pictures/scan-report.js'
import { workerLoader } from '../../data/node/worker-loader.js'
import { engineFor } from '../../engines/auto/auto-engine.js'
import type { CompileOptions, Engine, Precision } from '../../engines/engine.js'
import { type SelectedEngine, selectEngine } from '../../engines/node/select-engine.js'
import { expectPrecision } from '../../engines/registry.js'
import { AlexNetError } from '../../errors.js'
import { ClassCounts } from '../../inference/class-counts.js'
import { classifier } from '../../inference/classifier.js'
import { evaluationLoader } from '../../inference/node/evaluation-loader.js'
import type { Checkpoint } from '../../runs/checkpoint.js'
import type { ClassResult } from '../../runs/class-results.js'
import { type EarlyEnd, earlyEnd } from '../../runs/end.js'
import { type GivenParts, type GivenSettings, givenRecipe, resumedRecipe } from '../../runs/given-recipe.js'
import { guessingRate } from '../../runs/guessing.js'
import type { Metrics } from '../../runs/metrics.js'
import { readCheckpoint } from '../../runs/node/checkpoint-files.js'
import { type LoadedParts, type LoadPartsOptions, loadParts, type PictureOptions } from '../../runs/node/load-parts.js'
import { RunDirectory } from '../../runs/node/run-directory.js'
import { readScan } from '../../runs/node/scan-file.js'
import { type EvaluationPart, isFinished } from '../../runs/progress.js'
import type { Recipe } from '../../runs/recipe.js'
import { learning } from '../learning.js'
import { type RateSearch, roundedRate } from '../lr-find.js'
import { loaderOptionsOf, type PreparedRun, prepareRun, trainerOptionsOf } from '../prepare-run.js'
import { startingState } from '../starting-state.js'
import type { RatePoint } from '../suggest-rate.js'
import { type TrainerOptions, train } from '../trainer.js'
import { LiveWriter } from './live-writer.js'
import { openLogs } from './open-logs.js'
import { type Evaluation, type ProgressObserver, RunRecorder } from './run-recorder.js'
import { searchRate } from './search-rate.js'

export interface RunOptions extends GivenParts {
  /**
   * All settings; those of the network, where a `model` or `weights` are given, and of the data, where these are, may be
   * left out. With `resume` all may: what is left out is as the run has it.
   */
  readonly recipe?: GivenSettings
  /** Default: the fastest that can run here. */
  readonly engine?: SelectedEngine
  /** The folder that holds the data set; default for one's own pictures: where they were when the run began. */
  readonly dataDirectory?: string
  /** How a folder of pictures is read. */
  readonly pictures?: PictureOptions
  /**
   * `auto`: the rate is looked for first (`findRate`), in place of the recipe's. The run's recipe then has the number, so
   * that it is repeated and gone on with like any other.
   */
  readonly rate?: 'auto'
  /** A new folder for the run; default: the next free `runs/<data>-<model>-<number>`. */
  readonly out?: string
  /** Continue this run, which is named by its folder, instead of starting one. Data that was given is given again. */
  readonly resume?: string | ResumedRun
  /** Default: all processors that this process may use. */
  readonly threads?: number
  /** Default: float32. */
  readonly precision?: Precision
  /** Threads that prepare batches; default 1. The result does not depend on it. */
  readonly workers?: number
  /** Seconds between checkpoints within an epoch; one is written after each epoch in any case. Default 300. */
  readonly checkpointSeconds?: number
  /**
   * Writes event files for TensorBoard: into the run's folder, or into one of the run's name in this folder. A run that has
   * them in its own goes on with them.
   */
  readonly tensorboard?: boolean | string
  /** Keeps `metrics.csv` in the run's folder: a line for each epoch. A run that has it goes on with it. */
  readonly csv?: boolean
  /** Ends the run after the current step, with a checkpoint. */
  readonly signal?: AbortSignal
  /** What else is made of a run that has come to its end, while its pictures are there. All is saved by then. */
  readonly afterwards?: (trained: TrainedRun) => Promise<unknown>
}

/** A run that is opened to go on with it: see `RunDirectory.resume`. */
export interface ResumedRun {
  readonly run: RunDirectory
  readonly checkpoint: Checkpoint
}

/** A run that has come to its end: its checkpoints are written. */
export interface TrainedRun {
  readonly run: string
  readonly data: DatasetParts
  /** The part that nothing was chosen by, else the validation part. */
  readonly part: EvaluationPart
  /** The pictures of this part. */
  readonly dataset: Dataset
  /** What has computed. */
  readonly engine: Engine
  readonly threads: number
  readonly precision: Precision
  /** Threads that prepare batches. */
  readonly workers: number
}

/** What a run is made of, told before the first step. */
export interface RunStart extends Omit<PreparedRun, 'state'> {
  readonly run: string
  /** What was found in a folder of pictures. */
  readonly scan?: ScanReport
  readonly engine: string
  readonly engineReason: string
  readonly threads: number
  readonly precision: Precision
}

export interface RunObserver extends ProgressObserver {
  onStart?(start: RunStart): void
  onDownload?: LoadPartsOptions['onDownload']
  /** Tells how far the first reading of one's own pictures has come. */
  onScan?: LoadPartsOptions['onScan']
  /** Hears of each step of a search for the rate, and what it has found; only with `rate: 'auto'`. */
  onRateStep?(point: RatePoint, step: number): void
  onRate?(search: RateSearch): void
}

export interface RunSummary {
  readonly run: string
  readonly epochs: number
  readonly engine: string
  readonly precision: Precision
  readonly imagesPerSecond: number
  /** The share of the time of training in which the engine waited for pictures. */
  readonly waitingShare: number
  /** What has ended the run, where it was not its number of epochs. */
  readonly ended?: EarlyEnd
  /** The epoch that patience has chosen: what is measured is the network as it was then. */
  readonly bestEpoch?: number
  /**
   * The part that nothing was chosen by, else the validation part, with the last parameters, or those of the best epoch
   * where the run has patience; undefined when the run was interrupted.
   */
  readonly test?: Metrics
  readonly validation?: Metrics
  /** The same class by class, by the label: what was recognised, and what was taken for it. */
  readonly classes?: readonly ClassResult[]
  /** What naming the most frequent class would give, of the pictures of `test`, else of `validation`. */
  readonly guessing?: number
  readonly interrupted: boolean
}

/**
 * Trains as a recipe says, in a run's folder: data, engine, checkpoints, metrics. Network and data are those that the
 * recipe names, or a program's own; either way the run can be resumed, used and exported like any other.
 *
 * @throws AlexNetError for everything that can be wrong with the settings, the data, the folder or the training itself.
 * @example
 * const { run, test } = await runTraining({ recipe: await readRecipe('80sec') })
 * @example
 * // A network and pictures of one's own (`defineModel`, `memoryDataset`), and the report.
 * const recipe = { training: { epochs: 20, batchSize: 32 }, optimizer: { rate: 0.01 } }
 * await runTraining({ model, data: { train, test }, recipe, out: 'runs/mine', afterwards: writeReport })
 * await runTraining({ resume: 'runs/mine', data: { train, test }, recipe: { training: { epochs: 40 } } })
 */
export async function runTraining(options: RunOptions, observer: RunObserver = {}): Promise<RunSummary> {
  let run = typeof options.resume === 'object' ? options.resume.run : undefined
  try {
    const engine = options.engine ?? (await selectEngine())
    const resume = typeof options.resume === 'string' ? await RunDirectory.resume(options.resume) : options.resume
    run = resume?.run
    const recipe = resume
      ? resumedRecipe(resume.checkpoint.recipe, options.recipe, options)
      : givenRecipe(options.recipe ?? {}, options)
    const settings = { ...options, recipe, engine, resume }
    // Whatever can be wrong is to show before there is a folder of a run that cannot begin.
    if (!run) expectPrecision(engine.engine, options.precision)
    if (!run && options.out !== undefined) await RunDirectory.expectFree(options.out)
    const found =
      options.rate === 'auto' ? await prepareWithRate(settings, observer) : await prepare(settings, observer)
    run ??= await newRun({ ...settings, recipe: found.recipe })
    return await trainIn(run, found, settings, observer)
  } finally {
    await run?.close()
  }
}

/** The options with what was left out. */
export type Settings = Omit<RunOptions, 'recipe' | 'engine' | 'resume'> & {
  readonly recipe: Recipe
  readonly engine: SelectedEngine
  readonly resume?: ResumedRun
}

/**
 * Prepares a run, and looks for its rate.
 * @throws AlexNetError `invalid-setting` for a run that goes on, `diverged` where there is no rate at which it learns.
 */
async function prepareWithRate(settings: Settings, observer: RunObserver): ReturnType<typeof prepare> {
  if (settings.resume)
    throw new AlexNetError(
      'invalid-setting',
      'the rate of a run that goes on is not looked for: a search begins from nothing',
      'Give a number, or leave it out: the run goes on at its own rate.',
    )
  const prepared = await prepare(settings, observer)
  const search = await searchRate(prepared, settings, { onStep: (point, step) => observer.onRateStep?.(point, step) })
  observer.onRate?.(search)
  const { rate, points } = search
  if (rate === undefined)
    throw new AlexNetError(
      'diverged',
      `no learning rate was found: the loss falls at none from ${points[0]?.rate} to ${points.at(-1)?.rate}`,
      'Give one (--lr 0.01). `alexnet lr-find` shows how the loss goes.',
    )
  // What the recipe claims was reached at its own rate.
  const { claim: _, ...recipe } = prepared.recipe
  return { ...prepared, recipe: { ...recipe, optimizer: { ...recipe.optimizer, rate: roundedRate(rate) } } }
}

/** Loads the data, and makes or takes over the network. */
export async function prepare(
  options: Settings,
  observer: RunObserver,
): Promise<PreparedRun & Pick<LoadedParts, 'scan' | 'isDoubtful'>> {
  const { resume, weights, model, signal } = options
  if (!resume && !weights) expectNoWeights(options.recipe)
  const { recipe, data, scan, notes, isDoubtful } = await loadParts(options.recipe, {
    run: resume?.run.path,
    goesOn: resume !== undefined,
    ...(!resume && { weights: options.recipe.weights }),
    data: options.data,
    directory: options.dataDirectory ?? (resume && (await readScan(resume.run.path))?.path),
    pictures: options.pictures,
    onDownload: observer.onDownload?.bind(observer),
    onScan: observer.onScan?.bind(observer),
    signal,
  })
  for (const note of notes) observer.onWarning?.(note)
  if (resume && scan) expectAllClasses(data.train, resume.run.path)
  const resumed = resume && {
    checkpoint: resume.checkpoint,
    name: resume.run.path,
    hint: 'Give the pictures that it was begun with: --data DIR.',
  }
  const prepared = await prepareRun({ recipe, data, open: openPictures, resumed, weights, model })
  return { ...prepared, isDoubtful, ...(scan && { scan }) }
}

/** @throws AlexNetError `invalid-setting` for weights that only a path names: reading them is the caller's. */
function expectNoWeights({ weights }: Recipe): void {
  if (weights === undefined) return
  throw new AlexNetError(
    'invalid-setting',
    `the recipe begins with the weights ${weights}, expected these to be given as \`weights\`, got none`,
    'Read them first: `weights: (await readWeights(recipe.weights)).checkpoint`.',
  )
}

/** @throws AlexNetError `incompatible-state` for a class whose pictures have gone. */
function expectAllClasses(train: Dataset, run: string): void {
  const gone = train.classes.filter((_, label) => !train.labels.includes(label))
  if (gone.length === 0) return
  throw new AlexNetError(
    'incompatible-state',
    `${run} learns the class '${gone[0]}', of which ${train.name.replace(/ train$/, '')} has no picture of the run any more`,
    'Give the folder that it was begun with, or a copy of it: --data DIR.',
  )
}

async function trainIn(
  run: RunDirectory,
  prepared: Awaited<ReturnType<typeof prepare>>,
  options: Settings,
  observer: RunObserver,
): Promise<RunSummary> {
  const { recipe, data, scan, isDoubtful, preprocessing, progress, evaluated } = prepared
  const { resume, signal, precision = 'float32', workers = 1, checkpointSeconds = 300 } = options
  const { threads = availableParallelism() } = options
  const { batchSize, epochs } = recipe.training
  const { engine, reason: engineReason } = await trainingEngine(options.engine, prepared, { threads, precision })
  const computing: Computing = { engine: options.engine.engine, threads, precision }
  await run.saveRecipe(recipe)
  if (scan) {
    await run.keepScan(scan)
    // A guess must not become what is known.
    if (!isDoubtful) await run.keepPictures(data)
  }

  const onWarning = (message: string) => observer.onWarning?.(message)
  const logs = await openLogs(run.path, prepared, { ...options, isNew: resume === undefined, onWarning })
  const live = new LiveWriter({ run, prepared, engine: engine.name, threads, precision, onWarning })
  const loader = live.watch(workerLoader({ ...loaderOptionsOf(prepared), workers }))
  const evaluation = evaluationLoader({ dataset: evaluated, preprocessing, batchSize, workers, startsLate: true })
  const { batchesPerEpoch } = loader
  const recorder = new RunRecorder({ run, prepared, batchesPerEpoch, checkpointSeconds, live, logs, observer })
  try {
    const state = await startingState(prepared, { ...computing, engine, loader })
    // From here on there is always a checkpoint to go on from.
    if (!resume) await recorder.saveLast(progress, state)
    if (!isFinished(progress, epochs)) recorder.onStart({ engine: engine.name, precision, threads })
    const about = { run: run.path, engine: engine.name, precision }
    observer.onStart?.({ ...prepared, ...about, engineReason, threads })

    const result = await train(
      { ...trainerOptionsOf(prepared), state, ...computing, loader, evaluation, signal },
      recorder,
    )

    const { speed, lastEvaluation, bestEvaluation } = recorder
    const ended = earlyEnd(result.progress)
    const summary = {
      ...about,
      epochs: result.progress.epoch,
      imagesPerSecond: speed.mean(),
      waitingShare: speed.waitingShare(),
      ...(ended && { ended }),
    }
    if (result.interrupted) {
      await recorder.saveLast(result.progress, result.state)
      return { ...summary, interrupted: true }
    }
    const { evaluationPart } = prepared
    const unseen: EvaluationPart = data.test ? 'test' : 'validation'
    const dataset = data[unseen]!
    const byPatience = recipe.training.patience !== undefined
    const net = byPatience
      ? await readCheckpoint(run.path)
      : { ...prepared, state: result.state, choices: recorder.choices }
    const { best } = result.progress
    // Without an evaluation the run was complete already.
    const known = byPatience ? bestEvaluation : lastEvaluation
    const final = (unseen === evaluationPart && known) || (await evaluate(dataset, net, computing, workers))
    await options.afterwards?.({ run: run.path, data, part: unseen, dataset, ...computing, workers })
    return {
      ...summary,
      ...(byPatience && best && { bestEpoch: best.epoch }),
      ...(known && { [evaluationPart]: known.metrics }),
      [unseen]: final.metrics,
      classes: final.classes,
      guessing: guessingRate(dataset.labels),
      interrupted: false,
    }
  } finally {
    await loader.close()
    await evaluation.close()
    await live.close()
    for (const log of logs) await log.close()
  }
}

/** The engine that trains: `auto` may evaluate with another one. */
export function trainingEngine(
  selected: SelectedEngine,
  prepared: PreparedRun,
  options: Pick<CompileOptions, 'threads' | 'precision'>,
): Promise<SelectedEngine> {
  const trained = trainerOptionsOf(prepared)
  const { program } = learning(trained, loaderOptionsOf(prepared))
  return engineFor(selected, program, { ...options, choices: trained.choices })
}

/** What computes. */
type Computing = Required<Pick<TrainerOptions, 'engine' | 'threads' | 'precision'>>

/** What a network makes of a part that it was not chosen by. */
async function evaluate(
  dataset: Dataset,
  { model, preprocessing, recipe, state, choices }: Checkpoint,
  { engine, threads, precision }: Computing,
  workers: number,
): Promise<Evaluation> {
  const { batchSize } = recipe.training
  const loader = evaluationLoader({ dataset, preprocessing, batchSize, workers })
  const net = await classifier(engine, model, { batchSize, threads, precision, choices })
  try {
    await net.load(state)
    const counts = new ClassCounts(model.classes)
    const metrics = await net.evaluate(loader, undefined, (classified) => counts.add(classified))
    return { metrics, classes: counts.take() }
  } finally {
    await net.dispose()
    await loader.close()
  }
}

async function newRun({ recipe, out, dataDirectory }: Settings): Promise<RunDirectory> {
  if (out !== undefined) return RunDirectory.create(out, recipe)
  const own = recipe.data.name === 'pictures' && dataDirectory !== undefined
  // The name of a folder or a list, or any that a program has chosen, without what a shell would take for something else.
  const name = `${own ? parse(resolve(dataDirectory)).name : recipe.data.name}-${recipe.model.name}`
  return RunDirectory.createNumbered('runs', name.replace(/[^\p{L}\p{N}_.-]+/gu, '-'), recipe)
}
