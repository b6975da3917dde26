import { pictureFiles } from '../../data/node/pictures/picture-files.js'
import type { SkippedFile } from '../../data/node/pictures/picture-list.js'
import { reasonOf } from '../../data/node/read-image.js'
import { preparedShape } from '../../data/preprocessing.js'
import type { ViewCount } from '../../data/view-counts.js'
import { withViews } from '../../data/views.js'
import type { Device } from '../../engines/device.js'
import type { Engine, Precision } from '../../engines/engine.js'
import { selectEngine } from '../../engines/node/select-engine.js'
import { AlexNetError } from '../../errors.js'
import type { Checkpoint } from '../../runs/checkpoint.js'
import { readCheckpoint } from '../../runs/node/checkpoint-files.js'
import { sizeOf } from '../../tensor.js'
import { type Classifier, classifier } from '../classifier.js'
import { meanOfViews } from '../mean-of-views.js'
import { type MostProbable, mostProbable } from '../most-probable.js'
import { type PictureSource, prepareFiles } from './prepare-files.js'

export interface ClassifierOptions {
  /** What computes, itself or by its name; default: the fastest that can run here. */
  readonly engine?: Engine | string
  /** Default: the processor. */
  readonly device?: Device
  /** Default: all processors that this process may use. */
  readonly threads?: number
  /** Default: float32. */
  readonly precision?: Precision
  /** Views of each picture that the probabilities are averaged over; default: 1, the middle. */
  readonly views?: ViewCount
  /** Views that are classified at a time; default: 32. */
  readonly batchSize?: number
}

/** The path of a picture, the path of a folder, which stands for all pictures in it and below it, or a picture's bytes. */
export type PictureInput = string | Uint8Array

/** What a network says of a picture. */
export interface Prediction {
  /** Its path; of bytes `picture 1`, by their place. */
  readonly file: string
  /** The most probable classes, the first the most probable. */
  readonly top: MostProbable
}

/** Of each picture, in their order; there is at least one. */
export type Predictions = readonly [Prediction, ...Prediction[]]

export interface PredictOptions {
  /** How many classes to tell of each picture; default: 5. */
  readonly top?: number
}

export interface ReadableOptions extends PredictOptions {
  /** Told of each file that cannot be read, which is then left out; undefined: it is an error. */
  readonly onUnreadable: ((file: SkippedFile) => void) | undefined
}

/** A trained network, ready to classify pictures. Calls may overlap: they take turns. */
export interface FileClassifier extends AsyncDisposable {
  /** The classes' names, in the order of the network's outputs. */
  readonly classes: readonly string[]
  /**
   * Classifies a picture, those of a folder, or several of them.
   * @throws AlexNetError `missing-data` or `invalid-image`, naming the file.
   * @example const [{ file, top }] = await net.predict('cat.jpg') // top[0].label
   */
  predict(pictures: PictureInput | readonly PictureInput[], options?: PredictOptions): Promise<Predictions>
  predict(pictures: PictureInput | readonly PictureInput[], options: ReadableOptions): Promise<readonly Prediction[]>
  /** Gives the memory back. What was asked before is still answered. */
  close(): Promise<void>
}

/**
 * Opens the network of a run to classify picture files, as `alexnet predict` does.
 *
 * @param run The folder of a run, whose best checkpoint is taken where validation pictures have chosen it; a checkpoint
 *   file; or a checkpoint itself.
 * @throws AlexNetError `missing-data` or `corrupt-data` when there is none; as `selectEngine` does.
 * @example
 * await using net = await openClassifier('runs/shapes-alexnet-cifar-1')
 * for (const { file, top: [best] } of await net.predict('pictures/')) console.log(file, best.label, best.probability)
 */
export async function openClassifier(
  run: string | Checkpoint,
  options: ClassifierOptions = {},
): Promise<FileClassifier> {
  const { engine = 'auto', device } = options
  expectCount('batchSize', options.batchSize)
  const computing =
    typeof engine === 'string' ? (await selectEngine(engine, device, { measures: false })).engine : engine
  return new OpenClassifier(typeof run === 'string' ? await readCheckpoint(run) : run, computing, options)
}

class OpenClassifier implements FileClassifier {
  readonly classes: readonly string[]
  /** Compiled when they are first needed, for one picture and for a batch: a program has one size. */
  private readonly nets = new Map<number, Promise<Classifier>>()
  /** The end of what was asked so far. */
  private last: Promise<unknown> = Promise.resolve()
  private isClosed = false

  constructor(
    private readonly checkpoint: Checkpoint,
    private readonly engine: Engine,
    private readonly options: ClassifierOptions,
  ) {
    this.classes = checkpoint.classes
  }

  predict(pictures: PictureInput | readonly PictureInput[], options?: PredictOptions): Promise<Predictions>
  predict(pictures: PictureInput | readonly PictureInput[], options: ReadableOptions): Promise<readonly Prediction[]>
  async predict(
    pictures: PictureInput | readonly PictureInput[],
    { top = 5, onUnreadable }: Partial<ReadableOptions> = {},
  ): Promise<readonly Prediction[]> {
    if (this.isClosed) throw new AlexNetError('invalid-setting', 'the classifier is closed: open another one')
    expectCount('top', top)
    const inputs = typeof pictures === 'string' || pictures instanceof Uint8Array ? [pictures] : pictures
    return this.inTurn(() => this.predictAll(inputs, top, onUnreadable))
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    await this.inTurn(async () => {
      for (const net of this.nets.values()) await (await net).dispose()
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private async predictAll(
    inputs: readonly PictureInput[],
    top: number,
    onUnreadable: ReadableOptions['onUnreadable'],
  ): Promise<readonly Prediction[]> {
    const { sources, skipped } = await sourcesOf(inputs)
    if (sources.length === 0)
      throw new AlexNetError('missing-data', 'there are no pictures to classify: none were given')
    for (const { name, reason } of skipped) {
      if (!onUnreadable) throw new AlexNetError('invalid-image', `${name}: ${reason}`)
      onUnreadable({ name, reason })
    }
    const { views = 1, batchSize = 32 } = this.options
    const atATime = Math.max(1, Math.floor(batchSize / views))
    const predictions: Prediction[] = []
    for (let from = 0; from < sources.length; from += atATime) {
      const batch = sources.slice(from, from + atATime)
      predictions.push(...(await this.predictBatch(batch, top, onUnreadable)))
    }
    return predictions
  }

  private async predictBatch(
    sources: readonly PictureSource[],
    top: number,
    onUnreadable: ReadableOptions['onUnreadable'],
  ): Promise<Prediction[]> {
    const { views = 1, batchSize = 32 } = this.options
    const preprocessing = withViews(this.checkpoint.preprocessing, views)
    // A batch costs as much when it is not full: a few pictures go one by one.
    const size = 4 * sources.length * views < batchSize ? views : Math.max(views, batchSize)
    // Pictures are decoded while the network is made ready, the first time.
    const [net, { read, images, failed }] = await Promise.all([
      this.netOf(size),
      prepareFiles(sources, preprocessing, sizeOf(preparedShape(preprocessing, 1))),
    ])
    for (const { file, error } of failed) {
      if (!onUnreadable) throw error
      onUnreadable({ name: file, reason: reasonOf(error, file) })
    }
    if (read.length === 0) return []
    const seen = await net.classify(images, read.length * views)
    const count = this.classes.length
    const probabilities = meanOfViews(seen.probabilities, views, count)
    return read.map((file, i) => {
      const own = probabilities.subarray(i * count, (i + 1) * count)
      return { file, top: mostProbable(own, this.classes, top) }
    })
  }

  private netOf(size: number): Promise<Classifier> {
    const { threads, precision } = this.options
    const open = async () => {
      const net = await classifier(this.engine, this.checkpoint.model, { batchSize: size, threads, precision })
      await net.load(this.checkpoint.state)
      return net
    }
    const net = this.nets.get(size) ?? open()
    this.nets.set(size, net)
    return net
  }

  /** Calls of a net must not overlap. */
  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.last.then(task)
    this.last = turn.catch(() => undefined)
    return turn
  }
}

function expectCount(name: string, value = 1): void {
  if (!Number.isInteger(value) || value < 1)
    throw new AlexNetError('invalid-setting', `${name} must be a whole number above 0, got ${value}`)
}

/** The picture files among what was given, and what is none. */
async function sourcesOf(inputs: readonly PictureInput[]) {
  const found = await Promise.all(
    inputs.map(async (input, n) => {
      if (typeof input !== 'string') return { sources: [{ file: `picture ${n + 1}`, bytes: input }], skipped: [] }
      // What is missing is told when it is read.
      const { files, skipped } = await pictureFiles([input], { takeMissing: true })
      return { sources: files.map((file): PictureSource => ({ file })), skipped }
    }),
  )
  return { sources: found.flatMap(({ sources }) => sources), skipped: found.flatMap(({ skipped }) => skipped) }
}
