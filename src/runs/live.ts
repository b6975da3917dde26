import type { Metrics } from './metrics.js'

/** What trains a run. */
export interface RunMachine {
  readonly engine: string
  readonly precision: string
  readonly threads: number
  readonly processor: string
  /** `linux x64` */
  readonly system: string
  /** The version of Node. */
  readonly node: string
}

/** Where a training is now: `live.json` in the folder of a run, renewed every few seconds. */
export interface LiveProgress {
  /** ISO 8601. */
  readonly at: string
  /** Epochs that are complete. */
  readonly epoch: number
  readonly epochs: number
  /** Batches done of the current epoch. */
  readonly batch: number
  readonly batchesPerEpoch: number
  readonly step: number
  readonly rate: number
  /** The mean of the last batch. */
  readonly loss: number
  /** The means of the current epoch so far. */
  readonly training: Metrics
  readonly imagesPerSecond: number
  /** Of training alone, without evaluation. */
  readonly secondsLeft: number
  readonly machine: RunMachine
}

/** One parameter, as cuda-convnet printed them. */
export interface ParameterStatistics {
  /** `features.0.weight` */
  readonly name: string
  /** mean |w| */
  readonly weight: number
  /** mean |Δw| of the last step; null where the velocity is not known. */
  readonly change: number | null
  /** mean |Δw| ÷ mean |w| */
  readonly ratio: number | null
}

/** A picture that was taken for something else. */
export interface Mistake {
  readonly label: string
  readonly predicted: string
  /** What the net gave the predicted class. */
  readonly probability: number
  /** The picture's place in the part that was evaluated. */
  readonly index: number
}

/**
 * What the net looks like after an epoch: the metadata of `live.safetensors`, whose tensors hold the pictures as bytes
 * (N, 3, H, W): `filters` of the first layer, `batch` and `mistakes`.
 */
export interface LiveRecord {
  readonly at: string
  /** Epochs that are complete. */
  readonly epoch: number
  readonly step: number
  readonly parameters: readonly ParameterStatistics[]
  /** The classes of the pictures of `batch`. */
  readonly labels: readonly string[]
  /** The most confident first. */
  readonly mistakes: readonly Mistake[]
}
