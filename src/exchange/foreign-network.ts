import type { Preprocessing } from '../data/preprocessing.js'
import type { Model } from '../models/model.js'
import type { Tensors } from '../tensor.js'

/** A network as it was found in another program's file. */
export interface ForeignNetwork {
  readonly model: Model
  /** The parameters under the model's names, float32. */
  readonly state: Tensors
  /** The classes' names, where the file has them. */
  readonly classes?: readonly string[]
  /** How pictures are prepared, where the file says it. */
  readonly preprocessing?: Preprocessing
  /** The order of the channels that the first layer's weights expect; `rgb` unless said otherwise. */
  readonly channels?: ChannelOrder
  /** What had to be assumed, or was changed, beyond names. */
  readonly notes?: readonly string[]
}

/** Caffe's networks read blue, green, red; all others here red, green, blue. */
export const channelOrders = ['rgb', 'bgr'] as const
export type ChannelOrder = (typeof channelOrders)[number]
