import type { Preprocessing } from '../data/preprocessing.js'
import type { Model } from '../models/model.js'
import { type Checkpoint, checkParameters, networkState } from '../runs/checkpoint.js'
import type { Tensors } from '../tensor.js'
import { numberedLabels } from './labels.js'

/** A network to be written for other programs: a checkpoint, or a model with tensors of one's own. */
export interface ExportedNetwork {
  readonly model: Model
  /** Its parameters and statistics by their names: `features.0.weight`. */
  readonly state: Tensors
  /** Default: `class 0`, `class 1`, … */
  readonly classes?: readonly string[]
  /** Default: pixels of the network's size come as they are, 0–255. */
  readonly preprocessing?: Preprocessing
}

/** The network with all that its file says of it. @throws AlexNetError `incompatible-state` as `checkParameters` does. */
export function completed({
  model,
  state,
  classes = numberedLabels(model.classes),
  preprocessing = asTheyAre(model),
}: ExportedNetwork): Pick<Checkpoint, 'model' | 'classes' | 'preprocessing' | 'state'> {
  checkParameters(model, state)
  return { model, classes, preprocessing, state: networkState(model, state) }
}

function asTheyAre({ inputShape: [, side] }: Model): Preprocessing {
  const normalisation = { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] } as const
  return { size: side, normalisation, augmentation: [] }
}
