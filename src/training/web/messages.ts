import type { Cifar10File } from '../../data/cifar10.js'
import type { Device } from '../../engines/device.js'
import type { MostProbable } from '../../inference/most-probable.js'
import type { ModelSummary } from '../../models/summary.js'
import type { PackedError } from '../../packed-error.js'
import type { EarlyEnd } from '../../runs/end.js'
import type { EvaluationPart } from '../../runs/progress.js'
import type { Recipe } from '../../runs/recipe.js'
import type { Tensor } from '../../tensor.js'
import type { EpochEvent, StepEvent } from '../trainer.js'

/** The pictures of a training in a tab. */
export type WebData =
  /** The shapes, drawn from the recipe's seed; default: 8,000 and 2,000. */
  | { readonly kind: 'shapes'; readonly train?: number; readonly test?: number }
  /** Files of CIFAR-10's binary version, as the user has opened them. */
  | { readonly kind: 'cifar10'; readonly train: readonly Cifar10File[]; readonly test: readonly Cifar10File[] }

/** What a training in a tab is made of. Plain data: it crosses to the worker as it stands. */
export interface WebTrainingOptions {
  readonly data: WebData
  /** All settings of the run, as in Node. With a `checkpoint` it may be left out: the run's own is taken. */
  readonly recipe?: Recipe
  /** A checkpoint file to go on from: its net, parameters, velocities and progress. */
  readonly checkpoint?: Uint8Array
  /** Default: `cpu`. */
  readonly device?: Device
  /** Default: all processors where the page is cross-origin isolated, else 1. */
  readonly threads?: number
  /** Where the files of ONNX Runtime lie; default: where the bundler has put them. */
  readonly wasmPaths?: string
}

/** What a run is made of, told before its first step. */
export interface WebTrainingStart {
  readonly recipe: Recipe
  readonly summary: ModelSummary
  readonly classes: readonly string[]
  readonly trainPictures: number
  /** Pictures that each epoch is evaluated on, and whether they are held out of the training part. */
  readonly evaluationPictures: number
  readonly evaluationPart: EvaluationPart
  readonly device: Device
  /** What computes: `wasm, 2 threads` or the name of the graphics adapter. */
  readonly engine: string
  readonly threads: number
  readonly batchesPerEpoch: number
  /** Steps that the checkpoint has behind it; 0 for a new run. */
  readonly step: number
}

/** A step that is done. */
export interface WebStepEvent extends StepEvent {
  /** Share of the batch's pictures that were classified rightly. */
  readonly accuracy: number
  /** Of the last second or so; pauses do not count. 0 at the first step. */
  readonly imagesPerSecond: number
}

export interface WebEpochEvent extends EpochEvent {
  /** Of the epoch's training, without evaluation and pauses. */
  readonly imagesPerSecond: number
}

export interface WebTrainingSummary {
  readonly epochs: number
  readonly steps: number
  /** What has ended it, where it was not its number of epochs. */
  readonly ended?: EarlyEnd
  /** It was stopped before its last epoch. It can go on from a checkpoint. */
  readonly interrupted: boolean
}

/** A picture of the evaluation part, and what the net makes of it now. */
export interface TestPrediction {
  /** Which picture of the part. */
  readonly index: number
  /** (3, H, W), 0–255. */
  readonly picture: Uint8Array
  readonly height: number
  readonly width: number
  /** Its true class. */
  readonly label: number
  /** The most probable first. */
  readonly top: MostProbable
}

/** What the worker is asked for. */
export interface WebTrainingRequests {
  start(options: WebTrainingOptions): WebTrainingStart
  pause(): void
  resume(): void
  setRate(rate: number): void
  /** The bytes of a checkpoint file, as Node writes them. */
  checkpoint(): Uint8Array<ArrayBuffer>
  parameters(names: readonly string[]): Readonly<Record<string, Tensor<'float32'>>>
  predict(pictures: readonly number[], top: number): readonly TestPrediction[]
  /** Ends after the step that is running. */
  stop(): void
}

/** What the worker tells by itself. */
export type WebTrainingEvent =
  | { readonly kind: 'step'; readonly event: WebStepEvent }
  | { readonly kind: 'epoch'; readonly event: WebEpochEvent }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'finished'; readonly summary: WebTrainingSummary }
  | { readonly kind: 'failed'; readonly error: PackedError }
