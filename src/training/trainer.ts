import type { BatchLoader } from '../data/batch-loader.js'
import type { Engine, KernelChoices, Precision } from '../engines/engine.js'
import { AlexNetError } from '../errors.js'
import { type ClassifiedBatch, type Classifier, classifier } from '../inference/classifier.js'
import { initialState } from '../models/initial-state.js'
import type { Model } from '../models/model.js'
import { turnOf, updatesPerEpoch } from '../optimizers/accumulation.js'
import { withAverages } from '../optimizers/average.js'
import { type OptimizerSettings, resolveOptimizer } from '../optimizers/index.js'
import type { Loss } from '../programs/loss.js'
import { stepResults } from '../programs/training-program.js'
import { isOutOfPatience } from '../runs/end.js'
import { addSums, type Metrics, metricsOf, noMetrics } from '../runs/metrics.js'
import { type EvaluationPart, freshProgress, isFinished, type Progress } from '../runs/progress.js'
import { afterEpoch, rateAt, type Schedule } from '../runs/schedule.js'
import type { Tensors } from '../tensor.js'
import { learning } from './learning.js'

export interface TrainerOptions {
  readonly model: Model
  readonly engine: Engine
  readonly threads?: number
  readonly precision?: Precision
  /** The kernels that the run has used so far: see `CompileOptions`. */
  readonly choices?: KernelChoices
  /** Gives the batches to learn from; dropout draws from its seed. */
  readonly loader: BatchLoader
  readonly epochs: number
  /** The base rate ε. A function is asked before each step: the rate can then be changed while the training runs. */
  readonly rate: number | (() => number)
  /** Default: SGD with momentum 0.9 and weight decay 0.0005. */
  readonly optimizer?: OptimizerSettings
  /** Default: the cross entropy of the labels. An evaluation has that in any case. */
  readonly loss?: Loss | undefined
  /** Default: the rate stays. */
  readonly schedule?: Schedule
  /** Ends the training after so many epochs without a lower loss in the evaluation; default: all epochs are trained. */
  readonly patience?: number
  /** Batches whose mean gradient makes one update; default 1. The last update of an epoch takes those that are left. */
  readonly accumulate?: number
  /** What is evaluated after each epoch: the validation part, else the test part. */
  readonly evaluation: BatchLoader
  /** Which of them it is; default: test. */
  readonly evaluationPart?: EvaluationPart
  /** What the model starts from, and where the run goes on also what its optimizer keeps; default: drawn by the seed. */
  readonly state?: Tensors
  /** Where the run goes on; default: it begins. */
  readonly progress?: Progress
  /** Ends the run after the current step. */
  readonly signal?: AbortSignal
}

/** A step that is done. */
export interface StepEvent {
  readonly progress: Progress
  readonly batchesPerEpoch: number
  readonly rate: number
  /** The batch's mean loss. */
  readonly loss: number
  /** The means of the current epoch so far. */
  readonly training: Metrics
  /** Milliseconds that the engine has waited for the batch. */
  readonly waited: number
}

/** An epoch that is done. */
export interface EpochEvent {
  readonly progress: Progress
  readonly rate: number
  readonly training: Metrics
  readonly evaluation: Metrics
  /** No earlier epoch had a lower loss in the evaluation. */
  readonly isBest: boolean
}

/** What a trainer tells while it works. It waits for each answer, so a checkpoint can be taken in between. */
export interface TrainerHooks {
  /**
   * Hears which kernels compute, before the first step and before the first evaluation: with the same a run that is
   * resumed gives the same numbers.
   */
  onKernels?(choices: KernelChoices): void
  onStep?(event: StepEvent, snapshot: Snapshot): Promise<void> | void
  onEpoch?(event: EpochEvent, snapshot: Snapshot): Promise<void> | void
  /** Sees each batch of the evaluation with its logits (N, classes); neither may be kept. */
  onEvaluated?(classified: ClassifiedBatch): void
  /** Something that the user should know, in one line. */
  onWarning?(message: string): void
}

/** Copies of all state as it is now: parameters, statistics, and what the optimizer keeps. */
export type Snapshot = () => Promise<Tensors>

export interface TrainingResult {
  readonly progress: Progress
  readonly state: Tensors
  /** The run was ended by its signal. */
  readonly interrupted: boolean
}

/**
 * Trains a model: runs the training program batch by batch, epoch by epoch. It works anywhere; files, bars and signals
 * are the hooks' affair. The same options give the same numbers, also when a run is continued from a snapshot.
 *
 * @throws AlexNetError `diverged` when the loss is no longer a number.
 * @example
 * const loader = batchLoader({ dataset: train, preprocessing, batchSize: 32, seed: 1 })
 * const evaluation = batchLoader({ dataset: test, preprocessing, batchSize: 100, seed: 1 })
 * const { state } = await train({ model, engine, loader, evaluation, epochs: 5, rate: 0.01 })
 */
export async function train(options: TrainerOptions, hooks: TrainerHooks = {}): Promise<TrainingResult> {
  const { model, engine, loader, epochs, signal, threads, precision } = options
  const {
    accumulate = 1,
    schedule = { kind: 'constant' },
    patience,
    evaluationPart = 'test',
    progress: start = freshProgress,
  } = options
  const optimizer = resolveOptimizer(options.optimizer ?? {})
  const { batchSize, seed, batchesPerEpoch } = loader
  const updates = updatesPerEpoch(batchesPerEpoch, accumulate)
  const { state = initialState(model, seed) } = options
  const { program, inputs } = learning({ model, optimizer, loss: options.loss, accumulate }, loader)
  let { choices } = options
  const noteKernels = (by: { readonly choices?: KernelChoices }) => {
    if (!by.choices) return
    choices = { ...choices, ...by.choices }
    hooks.onKernels?.(choices)
  }
  const executable = await engine.compile(program, { threads, precision, choices })
  noteKernels(executable)
  // Made ready when the first epoch is over: the first step is not to wait for it.
  let evaluator: Classifier | undefined
  const snapshot: Snapshot = () => executable.readState()
  let progress = start
  let warned = false

  try {
    const learnt = Object.keys(program.gradients ?? {})
    await executable.writeState(optimizer.average === undefined ? state : withAverages(state, learnt))
    while (!isFinished(progress, epochs)) {
      const { epoch } = progress
      // The schedule counts updates: batches that make one together have one rate, as a batch of their size would.
      const rateOf = (batch: number) => {
        const base = typeof options.rate === 'function' ? options.rate() : options.rate
        const position = { epoch, batch: Math.floor(batch / accumulate), batchesPerEpoch: updates, epochs }
        return rateAt(schedule, base, position, progress.plateau)
      }

      let asked = performance.now()
      for await (const batch of loader.train(epoch, progress.batch)) {
        const waited = performance.now() - asked
        const rate = rateOf(progress.batch)
        const { step } = progress
        const turn = turnOf({ epoch, batch: progress.batch, batchesPerEpoch }, accumulate)
        const outputs = await executable.run(inputs(batch, { rate, step, turn }))
        const { loss, correct1, correct5 } = stepResults(outputs)
        loader.release(batch)
        if (!Number.isFinite(loss)) throw diverged(loss, epoch, progress.batch, rate)
        const sums = addSums(progress.sums, {
          loss: loss * batchSize,
          correct1,
          correct5,
          images: batchSize,
        })
        progress = { ...progress, batch: progress.batch + 1, step: progress.step + 1, sums }
        await hooks.onStep?.({ progress, batchesPerEpoch, rate, loss, training: metricsOf(sums), waited }, snapshot)
        if (signal?.aborted) return { progress, state: await snapshot(), interrupted: true }
        asked = performance.now()
      }

      const training = metricsOf(progress.sums)
      if (!evaluator) {
        evaluator = await classifier(engine, model, { batchSize, threads, precision, choices })
        noteKernels(evaluator)
      }
      await evaluator.load(await snapshot())
      const evaluation = await evaluator
        .evaluate(options.evaluation, signal, (classified) => hooks.onEvaluated?.(classified))
        .catch((error: unknown) => {
          if (signal?.aborted && error === signal.reason) return undefined
          throw error
        })
      // Interrupted in the evaluation: the epoch is resumed after its last batch.
      if (!evaluation) return { progress, state: await snapshot(), interrupted: true }
      const rate = rateOf(batchesPerEpoch - 1)
      if (!Number.isFinite(evaluation.loss)) throw diverged(evaluation.loss, epoch, batchesPerEpoch - 1, rate)

      const { plateau, finished } = afterEpoch(schedule, progress.plateau, evaluation.loss, epoch)
      const isBest = progress.best === null || evaluation.loss < progress.best.loss
      const best = isBest ? { loss: evaluation.loss, epoch: epoch + 1, part: evaluationPart } : progress.best
      progress = {
        epoch: epoch + 1,
        batch: 0,
        step: progress.step,
        sums: noMetrics,
        plateau,
        best,
        endedBySchedule: finished,
        ...(isOutOfPatience({ epoch: epoch + 1, best }, patience) && { endedByPatience: true }),
      }
      if (!warned && hasNotStarted(training, model.classes, progress.epoch * updates)) {
        warned = true
        hooks.onWarning?.(notStarted(training.loss, model.classes))
      }
      await hooks.onEpoch?.({ progress, rate, training, evaluation, isBest }, snapshot)
      if (signal?.aborted) break
    }
    return { progress, state: await snapshot(), interrupted: signal?.aborted === true && !isFinished(progress, epochs) }
  } finally {
    await executable.dispose()
    await evaluator?.dispose()
  }
}

function diverged(loss: number, epoch: number, batch: number, rate: number): AlexNetError {
  return new AlexNetError(
    'diverged',
    `the training has diverged: the loss is ${loss} in epoch ${epoch + 1}, batch ${batch + 1}, at a learning rate of ${rate}`,
    `Lower the rate (--lr ${Number((rate / 10).toPrecision(2))}); if that does not help, look at the initialisation and the normalisation of the pictures.`,
  )
}

/** Updates after which a net that can learn has moved away from guessing. */
const UPDATES_TO_START = 150

/** True when the loss still sits at ln(classes), that of guessing. */
function hasNotStarted(training: Metrics, classes: number, updates: number): boolean {
  const guessing = Math.log(classes)
  return updates >= UPDATES_TO_START && Math.abs(training.loss - guessing) < 0.003 * guessing
}

function notStarted(loss: number, classes: number): string {
  return (
    `the loss sits at ${loss.toFixed(3)}, and guessing gives ln(${classes}) = ${Math.log(classes).toFixed(3)}: the net has not started to learn. The usual suspects: ` +
    'the learning rate (try ten times more, or less), the initialisation (try another --initial), ' +
    'pictures whose mean is not subtracted'
  )
}
