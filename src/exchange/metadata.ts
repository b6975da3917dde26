import * as z from 'zod'
import { inputShape, type Preprocessing, packPreprocessing, unpackPreprocessing } from '../data/preprocessing.js'
import { AlexNetError, messageOf } from '../errors.js'
import { type Model, modelSchema } from '../models/model.js'
import { float32, sameShape, sizeOf, type Tensor } from '../tensor.js'

/** What a file for other programs says of a network beside its tensors. */
export interface NetworkFacts {
  readonly model: Model
  readonly classes: readonly string[]
  readonly preprocessing: Preprocessing
}

/** One key for all would be shorter; three can be read by other programs, each by itself. */
const MODEL = 'alexnet.model'
const CLASSES = 'classes'
const PREPROCESSING = 'preprocessing'
/** A mean picture as base64 of float32, little-endian. */
const MEAN_PICTURE = 'preprocessing.mean'

/** The side of pictures beyond which no AlexNet goes. */
const MAX_SIDE = 4096

const meanSchema = z.object({ shape: z.array(z.number().int().positive()).length(3), values: z.string() })

/** The facts as text under keys, for the metadata of safetensors and ONNX. */
export function packFacts({ model, classes, preprocessing }: NetworkFacts): Record<string, string> {
  const { settings, meanPicture } = packPreprocessing(preprocessing)
  return {
    [MODEL]: JSON.stringify(model),
    [CLASSES]: JSON.stringify(classes),
    [PREPROCESSING]: JSON.stringify(settings),
    ...(meanPicture && {
      [MEAN_PICTURE]: JSON.stringify({ shape: meanPicture.shape, values: toBase64(meanPicture.data) }),
    }),
  }
}

/**
 * Reads the facts again.
 * @returns undefined for a file that this project did not write.
 * @throws AlexNetError `corrupt-data`
 */
export function unpackFacts(metadata: Readonly<Record<string, string>>): NetworkFacts | undefined {
  if (metadata[MODEL] === undefined) return undefined
  const model = modelSchema.safeParse(parse(metadata, MODEL))
  const classes = z.array(z.string()).min(1).safeParse(parse(metadata, CLASSES))
  if (!model.success || !classes.success || model.data.classes !== classes.data.length)
    throw new AlexNetError('corrupt-data', "the file's metadata are damaged: model or classes")
  const preprocessing = unpackPreprocessing(parse(metadata, PREPROCESSING), meanPicture(metadata))
  // Tensors of this shape are made when a graph is written again.
  if (!sameShape(inputShape(preprocessing), model.data.inputShape) || model.data.inputShape[1] > MAX_SIDE)
    throw new AlexNetError('corrupt-data', "the file's metadata are damaged: its pictures are not those of the network")
  return { model: model.data, classes: classes.data, preprocessing }
}

function meanPicture(metadata: Readonly<Record<string, string>>): Tensor<'float32'> | undefined {
  if (metadata[MEAN_PICTURE] === undefined) return undefined
  const mean = meanSchema.safeParse(parse(metadata, MEAN_PICTURE))
  const values = mean.success ? fromBase64(mean.data.values) : undefined
  if (!mean.success || values?.length !== sizeOf(mean.data.shape))
    throw new AlexNetError('corrupt-data', "the file's metadata are damaged: the mean picture")
  return float32(mean.data.shape, values)
}

function parse(metadata: Readonly<Record<string, string>>, key: string): unknown {
  try {
    return JSON.parse(metadata[key] ?? '')
  } catch (error) {
    throw new AlexNetError('corrupt-data', `the file's metadata are damaged: ${key}: ${messageOf(error)}`, undefined, {
      cause: error,
    })
  }
}

function toBase64(values: Float32Array): string {
  let text = ''
  for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    text += String.fromCharCode(byte)
  return btoa(text)
}

function fromBase64(text: string): Float32Array {
  let bytes: Uint8Array
  try {
    bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch (error) {
    throw new AlexNetError('corrupt-data', "the file's mean picture is damaged", undefined, { cause: error })
  }
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4))
}
