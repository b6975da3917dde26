import type { Batch } from '../../data/batch.js'
import type { BatchLoader } from '../../data/batch-loader.js'
import type { Image } from '../../data/image.js'
import { stackTiles, tileOf } from '../../data/tiles.js'
import type { Precision } from '../../engines/engine.js'
import { describeMachine } from '../../engines/node/machine.js'
import { messageOf } from '../../errors.js'
import type { ClassifiedBatch } from '../../inference/classifier.js'
import { filterPictures } from '../../inference/filter-pictures.js'
import { WorstMistakes } from '../../inference/worst-mistakes.js'
import { parametersOf } from '../../models/model.js'
import { updatesPerEpoch } from '../../optimizers/accumulation.js'
import { encodeLiveSnapshot, type LiveProgress, type LiveRecord, type RunMachine } from '../../runs/live.js'
import { runFiles } from '../../runs/node/run-files.js'
import { writeAtomically } from '../../runs/node/write-atomically.js'
import { isFinished } from '../../runs/progress.js'
import { optimizerIn } from '../../runs/recipe.js'
import type { Tensors } from '../../tensor.js'
import { parameterStatistics } from '../parameter-statistics.js'
import type { PreparedRun } from '../prepare-run.js'
import type { EpochEvent, StepEvent } from '../trainer.js'

export interface LiveWriterOptions {
  /** The run's folder gives its files' paths. */
  readonly run: { file(name: string): string }
  readonly prepared: Pick<PreparedRun, 'recipe' | 'model' | 'classes' | 'preprocessing'>
  readonly engine: string
  readonly threads: number
  readonly precision: Precision
  /** Told once when the files cannot be written: the training goes on without them. */
  readonly onWarning: (message: string) => void
}

/** Seconds between two lines of progress. */
const PROGRESS_SECONDS = 2

/** What an epoch looks like is shown after each, but takes at most this share of the time. */
const MOST_SHARE = 0.01

/** Pictures of a batch, and mistakes, that are shown. */
const PICTURES = 24

/**
 * Tells who watches a run where it is (`live.json`) and what the net looks like (`live.safetensors`). Nothing depends on
 * these files: what fails here is a warning, and a resumed run writes them anew.
 */
export class LiveWriter {
  private readonly machine: RunMachine
  private readonly mistakes = new WorstMistakes(PICTURES, (batch, row) => ({ tile: this.tileOf(batch, row) }))
  private batch: { readonly labels: readonly string[]; readonly tiles: readonly Image[] } | undefined
  private lastProgress = Number.NEGATIVE_INFINITY
  /** When the next look inside may be taken. */
  private nextRecord = Number.NEGATIVE_INFINITY
  /** The writing that is under way; one at a time. */
  private writing: Promise<void> = Promise.resolve()
  private isWriting = false
  private hasWarned = false

  constructor(private readonly options: LiveWriterOptions) {
    const { engine, threads, precision } = options
    const { processor, system, node } = describeMachine()
    this.machine = { engine, precision, threads, processor, system, node }
  }

  /** The same loader, the first batch of each epoch of which is kept for show. */
  watch(loader: BatchLoader): BatchLoader {
    const look = (batch: Batch) => this.keepBatch(batch)
    return {
      ...{ batchSize: loader.batchSize, seed: loader.seed, mix: loader.mix, batchesPerEpoch: loader.batchesPerEpoch },
      async *train(epoch, from) {
        let isFirst = true
        for await (const batch of loader.train(epoch, from)) {
          if (isFirst) look(batch)
          isFirst = false
          yield batch
        }
      },
      inOrder: () => loader.inOrder(),
      release: (batch) => loader.release(batch),
      close: () => loader.close(),
    }
  }

  onStep(
    { progress, batchesPerEpoch, rate, loss, training }: StepEvent,
    imagesPerSecond: number,
    secondsLeft: number | undefined,
  ): void {
    const { epochs } = this.options.prepared.recipe.training
    const now = performance.now()
    const isLast = isFinished({ ...progress, epoch: progress.epoch + 1 }, epochs) && progress.batch === batchesPerEpoch
    if (!isLast && now - this.lastProgress < 1000 * PROGRESS_SECONDS) return
    this.lastProgress = now
    const { epoch, batch, step } = progress
    const live: LiveProgress = {
      at: new Date().toISOString(),
      ...{ epoch, epochs, batch, batchesPerEpoch, step, rate, loss, training, imagesPerSecond },
      // After the first steps nothing is known yet.
      secondsLeft: secondsLeft ?? 0,
      machine: this.machine,
    }
    this.write(runFiles.liveProgress, [JSON.stringify(live)])
  }

  /** Looks at a batch of the evaluation, and what the net says to it. */
  onEvaluated(classified: ClassifiedBatch): void {
    this.mistakes.add(classified)
  }

  /** @param state Parameters and velocities after the epoch. */
  onEpoch({ progress, rate }: EpochEvent, state: Tensors): void {
    const { model, recipe, classes } = this.options.prepared
    const mistakes = this.mistakes.take()
    const start = performance.now()
    if (start < this.nextRecord && !isFinished(progress, recipe.training.epochs)) return
    const { epoch, step } = progress
    const updates = epoch * updatesPerEpoch(step / epoch, recipe.training.accumulate)
    const record: LiveRecord = {
      at: new Date().toISOString(),
      ...{ epoch, step },
      parameters: parameterStatistics(model, state, optimizerIn(recipe), { rate, step: updates - 1 }),
      labels: this.batch?.labels ?? [],
      mistakes: mistakes.map(({ index, label, predicted, probability }) => {
        return { label: classes[label], predicted: classes[predicted], probability, index }
      }),
    }
    const filters = filterPictures(state[parametersOf(model)[0]?.name ?? ''])
    const batch = stackTiles(this.batch?.tiles ?? [])
    const wrong = stackTiles(mistakes.map(({ tile }) => tile))
    const pictures = { ...(filters && { filters }), ...(batch && { batch }), ...(wrong && { mistakes: wrong }) }
    this.write(runFiles.liveSnapshot, encodeLiveSnapshot({ record, pictures }))
    const end = performance.now()
    this.nextRecord = end + (end - start) / MOST_SHARE
  }

  /** Waits until what was begun is written. */
  async close(): Promise<void> {
    await this.writing
  }

  private keepBatch(batch: Batch): void {
    const shown = batch.labels.data.subarray(0, PICTURES)
    this.batch = {
      labels: Array.from(shown, (label) => this.options.prepared.classes[label]),
      tiles: Array.from(shown, (_, row) => this.tileOf(batch, row)),
    }
  }

  private tileOf({ images }: Batch, row: number): Image {
    const [, , height, width] = images.shape
    const size = 3 * height * width
    const values = images.data.subarray(row * size, (row + 1) * size)
    return tileOf(values, height, width, this.options.prepared.preprocessing.normalisation)
  }

  /** Writes beside the training, without waiting: what comes while the disk is slower than the training is left out. */
  private write(name: string, parts: readonly (Uint8Array | string)[]): void {
    const { run, onWarning } = this.options
    if (this.isWriting && name === runFiles.liveProgress) return
    this.isWriting = true
    this.writing = this.writing
      .then(() => writeAtomically(run.file(name), parts, { flush: false }))
      .catch((error: unknown) => {
        if (!this.hasWarned) onWarning(`the page cannot follow this run: ${messageOf(error)}`)
        this.hasWarned = true
      })
      .finally(() => {
        this.isWriting = false
      })
  }
}
