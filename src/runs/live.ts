import * as z from 'zod'
import { machineSchema } from '../engines/machine.js'
import { decodeSafetensors, safetensorsParts } from '../formats/safetensors.js'
import type { Tensor, Tensors } from '../tensor.js'
import { metricsSchema } from './metrics.js'

/** What trains a run. */
const runMachineSchema = machineSchema
  .pick({ processor: true, system: true, node: true })
  .extend({ engine: z.string(), precision: z.string(), threads: z.number() })

/** Where a training is now: `live.json` in the folder of a run, renewed every few seconds. */
export const liveProgressSchema = z.object({
  /** ISO 8601. */
  at: z.string(),
  /** Epochs that are complete. */
  epoch: z.number(),
  epochs: z.number(),
  /** Batches done of the current epoch. */
  batch: z.number(),
  batchesPerEpoch: z.number(),
  step: z.number(),
  rate: z.number(),
  /** The mean of the last batch. */
  loss: z.number(),
  /** The means of the current epoch so far. */
  training: metricsSchema,
  imagesPerSecond: z.number(),
  /** Of training alone, without evaluation. */
  secondsLeft: z.number(),
  machine: runMachineSchema,
})

/** One parameter, as cuda-convnet printed them. */
const parameterStatisticsSchema = z.object({
  /** `features.0.weight` */
  name: z.string(),
  /** mean |w| */
  weight: z.number(),
  /** mean |Δw| of the last step; null where the velocity is not known. */
  change: z.number().nullable(),
  /** mean |Δw| ÷ mean |w| */
  ratio: z.number().nullable(),
})

/** A picture that was taken for something else. */
const liveMistakeSchema = z.object({
  label: z.string(),
  predicted: z.string(),
  /** What the net gave the predicted class. */
  probability: z.number(),
  /** The picture's place in the part that was evaluated. */
  index: z.number(),
})

/** The metadata of `live.safetensors`. */
const liveRecordSchema = z.object({
  at: z.string(),
  /** Epochs that are complete. */
  epoch: z.number(),
  step: z.number(),
  parameters: z.array(parameterStatisticsSchema).readonly(),
  /** The classes of the pictures of `batch`. */
  labels: z.array(z.string()).readonly(),
  /** The most confident first. */
  mistakes: z.array(liveMistakeSchema).readonly(),
})

export type RunMachine = Readonly<z.infer<typeof runMachineSchema>>
export type LiveProgress = Readonly<z.infer<typeof liveProgressSchema>>
export type ParameterStatistics = Readonly<z.infer<typeof parameterStatisticsSchema>>
export type LiveMistake = Readonly<z.infer<typeof liveMistakeSchema>>
export type LiveRecord = Readonly<z.infer<typeof liveRecordSchema>>

/** The tensors of `live.safetensors`. */
export const livePictures = ['filters', 'batch', 'mistakes'] as const
export type LivePicture = (typeof livePictures)[number]

/** What the net looks like after an epoch: what `live.safetensors` holds, its pictures as bytes (N, 3, H, W). */
export interface LiveSnapshot {
  readonly record: LiveRecord
  readonly pictures: Readonly<Partial<Record<LivePicture, Tensor<'uint8'>>>>
}

const FORMAT = 'alexnet-live-1'

/** As the parts of one safetensors file. */
export function encodeLiveSnapshot({ record, pictures }: LiveSnapshot): Uint8Array[] {
  return safetensorsParts(pictures as Tensors, { format: FORMAT, record: JSON.stringify(record) })
}

/** Undefined for a file that is damaged, or of another kind: nothing depends on it. */
export function decodeLiveSnapshot(bytes: Uint8Array): LiveSnapshot | undefined {
  try {
    const { tensors, metadata } = decodeSafetensors(bytes)
    if (metadata.format !== FORMAT) return undefined
    const record = liveRecordSchema.parse(JSON.parse(metadata.record))
    return { record, pictures: Object.fromEntries(Object.entries(tensors).filter(isPicture)) }
  } catch {
    return undefined
  }
}

function isPicture(entry: [string, Tensor]): entry is [LivePicture, Tensor<'uint8'>] {
  const [name, { dtype, shape }] = entry
  return livePictures.some((known) => known === name) && dtype === 'uint8' && shape.length === 4 && shape[1] === 3
}
