import type { KernelChoices } from '../../engines/engine.js'
import { describeMachine } from '../../engines/node/machine.js'
import { AlexNetError } from '../../errors.js'
import { ClassCounts } from '../../inference/class-counts.js'
import type { ClassifiedBatch } from '../../inference/classifier.js'
import { type Checkpoint, isFiniteState, withoutOptimizerState } from '../../runs/checkpoint.js'
import type { ClassResult } from '../../runs/class-results.js'
import type { EpochLine, EpochTiming, StartLine, StepsLine } from '../../runs/lines.js'
import type { Metrics } from '../../runs/metrics.js'
import type { RunDirectory } from '../../runs/node/run-directory.js'
import type { Progress } from '../../runs/progress.js'
import type { Tensors } from '../../tensor.js'
import type { PreparedRun } from '../prepare-run.js'
import { Speed } from '../speed.js'
import { TimeLeft } from '../time-left.js'
import type { EpochEvent, Snapshot, StepEvent, TrainerHooks } from '../trainer.js'
import type { LiveWriter } from './live-writer.js'
import type { RunLog } from './run-log.js'

export interface RunRecorderOptions {
  readonly run: RunDirectory
  readonly prepared: PreparedRun
  readonly batchesPerEpoch: number
  /** Seconds between checkpoints within an epoch. */
  readonly checkpointSeconds: number
  readonly live: LiveWriter
  /** What is written besides, for other programs. */
  readonly logs: readonly RunLog[]
  /** Hears of each step and epoch once it is written down. */
  readonly observer: ProgressObserver
}

/** Hears how a run goes on. */
export interface ProgressObserver {
  /**
   * @param imagesPerSecond Over the last seconds; 0 at the first step.
   * @param secondsLeft To the end of all epochs, with their evaluations; undefined before there is enough to tell from.
   */
  onStep?(event: StepEvent, imagesPerSecond: number, secondsLeft?: number): void
  /** @param imagesPerSecond Over the epoch, without its evaluation. */
  onEpoch?(event: EpochEvent, imagesPerSecond: number): void
  onWarning?(message: string): void
}

/** What an evaluation gave: of all pictures together, and of each class. */
export interface Evaluation {
  readonly metrics: Metrics
  readonly classes: readonly ClassResult[]
}

/** Lines of steps in the metrics of an epoch: twenty show a curve. */
const LINES_PER_EPOCH = 20

/** Writes down in its folder how a run goes on: lines, checkpoints, and what a page shows of it. */
export class RunRecorder implements TrainerHooks {
  readonly speed = new Speed()
  /** What the last epoch's evaluation gave; undefined before there was one. */
  lastEvaluation: Evaluation | undefined
  /** What the best epoch's gave, where that was trained here. */
  bestEvaluation: Evaluation | undefined
  /** The kernels that the run computes with. */
  choices: KernelChoices | undefined
  private readonly stepsPerLine: number
  private readonly timeLeft: TimeLeft
  private lastSave = performance.now()
  private readonly classCounts: ClassCounts

  constructor(private readonly options: RunRecorderOptions) {
    this.classCounts = new ClassCounts(options.prepared.model.classes)
    this.choices = options.prepared.choices
    const { batchesPerEpoch, prepared } = options
    this.stepsPerLine = Math.max(1, Math.floor(batchesPerEpoch / LINES_PER_EPOCH))
    const { epochs, batchSize } = prepared.recipe.training
    const evaluated = prepared.evaluated.labels.length
    this.timeLeft = new TimeLeft({ epochs, batchesPerEpoch, batchSize, evaluated, speed: this.speed })
  }

  /** Notes what computes from here on. */
  onStart(about: Pick<StartLine, 'engine' | 'precision' | 'threads'>): void {
    const { epoch, step } = this.options.prepared.progress
    const at = new Date().toISOString()
    this.options.run.appendTiming({ kind: 'start', epoch, step, ...about, machine: describeMachine(), at })
  }

  onKernels(choices: KernelChoices): void {
    this.choices = choices
  }

  async onStep(event: StepEvent, snapshot: Snapshot): Promise<void> {
    const { run, prepared, live, logs, observer, checkpointSeconds } = this.options
    const { progress, rate, training } = event
    this.speed.count(prepared.recipe.training.batchSize, event.waited)
    if (progress.batch % this.stepsPerLine === 0) {
      const { loss, top1, top5 } = training
      const epoch = progress.epoch + 1
      const line: StepsLine = { kind: 'steps', epoch, step: progress.step, rate, loss, top1, top5 }
      run.appendMetrics(line)
      for (const log of logs) log.onSteps(line)
    }
    this.timeLeft.onStep()
    const secondsLeft = this.timeLeft.at(progress)
    live.onStep(event, this.speed.now(), secondsLeft)
    observer.onStep?.(event, this.speed.now(), secondsLeft)
    if (performance.now() - this.lastSave >= 1000 * checkpointSeconds) await this.saveLast(progress, await snapshot())
  }

  onEvaluated(classified: ClassifiedBatch): void {
    this.classCounts.add(classified)
    this.options.live.onEvaluated(classified)
  }

  async onEpoch(event: EpochEvent, snapshot: Snapshot): Promise<void> {
    const { run, prepared, live, logs, observer } = this.options
    const { progress, rate, training, evaluation, isBest } = event
    const { epoch, step } = progress
    this.lastEvaluation = { metrics: evaluation, classes: this.classCounts.take() }
    if (isBest) this.bestEvaluation = this.lastEvaluation
    const evaluated = prepared.evaluationPart === 'validation' ? { validation: evaluation } : { test: evaluation }
    const line: EpochLine = { kind: 'epoch', epoch, step, rate, training, ...evaluated }
    run.appendMetrics(line)
    const { seconds, imagesPerSecond } = this.speed.takeEpoch()
    const timing: EpochTiming = { kind: 'epoch', epoch, step, seconds, imagesPerSecond, at: new Date().toISOString() }
    run.appendTiming(timing)
    const state = await snapshot()
    const checkpoint = this.checkpointAt(progress, state)
    if (isBest) await run.saveBest({ ...checkpoint, state: withoutOptimizerState(prepared.model, state) })
    await this.save(checkpoint)
    live.onEpoch(event, state)
    for (const log of logs) log.onEpoch(line, timing, state)
    this.timeLeft.onEpoch()
    this.speed.goOn()
    observer.onEpoch?.(event, imagesPerSecond)
  }

  onWarning(message: string): void {
    this.options.observer.onWarning?.(message)
  }

  /** Writes the checkpoint to go on from. */
  async saveLast(progress: Progress, state: Tensors): Promise<void> {
    await this.save(this.checkpointAt(progress, state))
  }

  private async save(checkpoint: Checkpoint): Promise<void> {
    await this.options.run.saveLast(checkpoint)
    this.lastSave = performance.now()
    this.speed.goOn(this.lastSave)
  }

  /** @throws AlexNetError `diverged`: what is no longer a number must not replace a good checkpoint. */
  private checkpointAt(progress: Progress, state: Tensors): Checkpoint {
    const { run, prepared } = this.options
    if (!isFiniteState(state))
      throw new AlexNetError(
        'diverged',
        'the training has diverged: a parameter is no longer a finite number',
        `Lower the rate (--lr); the last good checkpoint is in ${run.path}.`,
      )
    return { ...prepared, progress, choices: this.choices, state }
  }
}
