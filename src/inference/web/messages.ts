import type { Image } from '../../data/image.js'
import type { Device } from '../../engines/device.js'
import type { WebEngineOptions } from '../../engines/web/web-engine.js'
import type { ModelSummary } from '../../models/summary.js'
import type { Tensor } from '../../tensor.js'
import type { MostProbable } from '../most-probable.js'
import type { OcclusionMap, OcclusionOptions } from '../occlusion.js'
import type { LayerActivations } from '../picture-classifier.js'

/** What the net of a checkpoint is. */
export interface OpenedClassifier {
  readonly classes: readonly string[]
  readonly summary: ModelSummary
  readonly device: Device
  /** What computes, in words. */
  readonly engine: string
}

/** What the worker is asked for. */
export interface ClassifierRequests {
  open(checkpoint: Uint8Array, name: string, options: WebEngineOptions): OpenedClassifier
  predict(picture: Image, top: number): MostProbable
  activations(picture: Image): readonly LayerActivations[]
  occlusionMap(picture: Image, options: OcclusionOptions): OcclusionMap
  parameter(name: string): Tensor<'float32'>
  fitted(picture: Image): Image
}
