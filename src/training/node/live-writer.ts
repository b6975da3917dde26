import type { Batch } from '../../data/batch.js'
import type { BatchLoader } from '../../data/batch-loader.js'
import type { Preprocessing } from '../../data/preprocessing.js'
import type { Precision } from '../../engines/engine.js'
import { describeMachine } from '../../engines/node/machine.js'
import { messageOf } from '../../errors.js'
import { filterTiles, tileSize, writeTile } from '../../inference/tiles.js'
import { WorstMistakes } from '../../inference/worst-mistakes.js'
import type { Model } from '../../models/model.js'
import { parametersOf } from '../../models/model.js'
import { encodeLiveSnapshot, type LiveProgress, type LiveRecord, type RunMachine } from '../../runs/live.js'
import { runFiles } from '../../runs/node/run-files.js'
import { writeAtomically } from '../../runs/node/write-atomically.js'
import { isFinished } from '../../runs/progress.js'
import { optimizerIn, type Recipe } from '../../runs/recipe.js'
import { type Tensor, type Tensors, uint8 } from '../../tensor.js'
import { parameterStatistics } from '../parameter-statistics.js'
import { Speed } from '../speed.js'
import type { EpochEvent, StepEvent } from '../trainer.js'

export interface LiveWriterOptions {
  /** The run's folder gives its files' paths. */
  readonly run: { file(name: string): string }
  readonly recipe: Recipe
  readonly model: Model
  readonly classes: readonly string[]
  readonly preprocessing: Preprocessing
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
  private readonly speed = new Speed()
  private readonly mistakes: WorstMistakes
  private batch: { readonly labels: readonly string[]; readonly tiles: Tensor<'uint8'> } | undefined
  private lastProgress = Number.NEGATIVE_INFINITY
  /** When the next look inside may be taken. */
  private nextRecord = Number.NEGATIVE_INFINITY
  /** The writing that is under way; one at a time. */
  private writing: Promise<void> = Promise.resolve()
  private isWriting = false
  private hasWarned = false

  constructor(private readonly options: LiveWriterOptions) {
    const { engine, threads, precision, classes, preprocessing } = options
    const { processor, system, node } = describeMachine()
    this.machine = { engine, precision, threads, processor, system, node }
    this.mistakes = new WorstMistakes(classes, preprocessing.normalisation, PICTURES)
  }

  /** The same loader, the first batch of each epoch of which is kept for show. */
  watch(loader: BatchLoader): BatchLoader {
    const look = (batch: Batch) => this.keepBatch(batch)
    return {
      batchesPerEpoch: loader.batchesPerEpoch,
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

  onStep({ progress, batchesPerEpoch, rate, loss, training }: StepEvent): void {
    const { batchSize, epochs } = this.options.recipe.training
    const imagesPerSecond = this.speed.step(batchSize)
    const now = performance.now()
    const isLast = isFinished({ ...progress, epoch: progress.epoch + 1 }, epochs) && progress.batch === batchesPerEpoch
    if (!isLast && now - this.lastProgress < 1000 * PROGRESS_SECONDS) return
    this.lastProgress = now
    const { epoch, batch, step } = progress
    const left = ((epochs - epoch) * batchesPerEpoch - batch) * batchSize
    const live: LiveProgress = {
      at: new Date().toISOString(),
      ...{ epoch, epochs, batch, batchesPerEpoch, step, rate, loss, training, imagesPerSecond },
      // After a single step there is no speed yet.
      secondsLeft: imagesPerSecond > 0 ? left / imagesPerSecond : 0,
      machine: this.machine,
    }
    this.write(runFiles.liveProgress, [JSON.stringify(live)])
  }

  /** Looks at a batch of the evaluation, and what the net says to it. */
  onEvaluated(batch: Batch, logits: Float32Array): void {
    this.mistakes.add(batch, logits)
  }

  /** @param state Parameters and velocities after the epoch. */
  onEpoch({ progress, rate }: EpochEvent, state: Tensors): void {
    const { model, recipe } = this.options
    const { mistakes, tiles } = this.mistakes.take(model.inputShape)
    const start = performance.now()
    if (start < this.nextRecord && !isFinished(progress, recipe.training.epochs)) return
    const record: LiveRecord = {
      at: new Date().toISOString(),
      ...{ epoch: progress.epoch, step: progress.step, mistakes },
      parameters: parameterStatistics(model, state, optimizerIn(recipe), { rate, step: progress.step - 1 }),
      labels: this.batch?.labels ?? [],
    }
    const filters = filterTiles(state[parametersOf(model)[0]?.name ?? ''])
    const pictures = {
      ...(filters && { filters }),
      ...(this.batch && { batch: this.batch.tiles }),
      ...(tiles && { mistakes: tiles }),
    }
    this.write(runFiles.liveSnapshot, encodeLiveSnapshot({ record, pictures }))
    const end = performance.now()
    this.nextRecord = end + (end - start) / MOST_SHARE
  }

  /** Waits until what was begun is written. */
  async close(): Promise<void> {
    await this.writing
  }

  private keepBatch({ images, labels }: Batch): void {
    const { classes, preprocessing } = this.options
    const [count, , height, width] = images.shape
    const tile = tileSize(height, width)
    const shown = Math.min(count, PICTURES)
    const [size, tileBytes] = [3 * height * width, 3 * tile.height * tile.width]
    const bytes = new Uint8Array(shown * tileBytes)
    for (let n = 0; n < shown; n++)
      writeTile(
        images.data.subarray(n * size, (n + 1) * size),
        height,
        width,
        preprocessing.normalisation,
        bytes,
        n * tileBytes,
      )
    this.batch = {
      labels: Array.from(labels.data.subarray(0, shown), (label) => classes[label]),
      tiles: uint8([shown, 3, tile.height, tile.width], bytes),
    }
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
