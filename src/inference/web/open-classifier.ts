import { fromInterleaved, type Image, toInterleaved } from '../../data/image.js'
import type { WebEngineOptions } from '../../engines/web/web-engine.js'
import type { Tensor } from '../../tensor.js'
import { workerClient } from '../../worker-requests.js'
import type { MostProbable } from '../most-probable.js'
import type { OcclusionMap, OcclusionOptions } from '../occlusion.js'
import type { LayerActivations } from '../picture-classifier.js'
import type { ClassifierRequests, OpenedClassifier } from './messages.js'

/** A trained net in a worker. Pictures may have any size. */
export interface WebClassifier extends OpenedClassifier {
  /** The most probable classes, the first the most probable. */
  predict(picture: ImageData, top: number): Promise<MostProbable>
  /** What each layer produces, in order: the feature maps (C, H, W) of the convolutional ones. */
  activations(picture: ImageData): Promise<readonly LayerActivations[]>
  /** The probability of a class while one part of the picture after the other is covered. */
  occlusionMap(picture: ImageData, options: OcclusionOptions): Promise<OcclusionMap>
  /** A parameter by its name: `features.0.weight`, the filters of the first layer (F, C, K, K). */
  parameter(name: string): Promise<Tensor<'float32'>>
  /** The picture as the net gets it, before its colours are normalised: resized, and cut to the square in the middle. */
  fitted(picture: ImageData): Promise<ImageData>
}

/**
 * Opens the net of a checkpoint in a worker, whose script is `classifier-worker.js`, so that the page stays smooth.
 * Terminate the worker to close it; opening another in the same worker replaces it.
 *
 * @param checkpoint The bytes of a checkpoint file. They are copied to the worker.
 * @param options What computes; `name` is what messages call the file.
 * @throws AlexNetError `corrupt-data` or `incompatible-state` for a damaged file, `engine-unavailable`.
 * @example
 * const worker = new Worker(new URL('alexnet/web/classifier-worker', import.meta.url), { type: 'module' })
 * const net = await openClassifier(worker, new Uint8Array(await file.arrayBuffer()), { name: file.name })
 * const [best] = await net.predict(context.getImageData(0, 0, width, height), 5)
 */
export async function openClassifier(
  worker: Worker,
  checkpoint: Uint8Array,
  { name = 'the checkpoint', ...options }: WebEngineOptions & { readonly name?: string } = {},
): Promise<WebClassifier> {
  const client = workerClient<ClassifierRequests>(worker)
  return {
    ...(await client.ask('open', checkpoint, name, options)),
    predict: (picture, top) => client.ask('predict', imageOf(picture), top),
    activations: (picture) => client.ask('activations', imageOf(picture)),
    occlusionMap: (picture, occlusion) => client.ask('occlusionMap', imageOf(picture), occlusion),
    parameter: (parameter) => client.ask('parameter', parameter),
    fitted: async (picture) => imageDataOf(await client.ask('fitted', imageOf(picture))),
  }
}

/** A canvas's pixels as the library takes them; what is transparent comes on white, as when files are read. */
export function imageOf({ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>): Image {
  const opaque = new Uint8ClampedArray(data)
  for (let i = 0; i < opaque.length; i += 4) {
    const alpha = opaque[i + 3] / 255
    if (alpha < 1) for (let c = 0; c < 3; c++) opaque[i + c] = 255 + (opaque[i + c] - 255) * alpha
  }
  return fromInterleaved(opaque, height, width, 4)
}

function imageDataOf(image: Image): ImageData {
  const [, height, width] = image.shape
  const pixels = new ImageData(width, height)
  const colours = toInterleaved(image)
  for (let i = 0; i < width * height; i++) {
    pixels.data.set(colours.subarray(3 * i, 3 * i + 3), 4 * i)
    pixels.data[4 * i + 3] = 255
  }
  return pixels
}
