import type { Image } from '../data/image.js'
import { type Preprocessing, preprocess } from '../data/preprocessing.js'
import type { CompileOptions, Engine, Executable } from '../engines/engine.js'
import { AlexNetError } from '../errors.js'
import { layersOf } from '../models/model.js'
import { type ModelSummary, summarise } from '../models/summary.js'
import { activationsProgram } from '../programs/activations-program.js'
import { type Checkpoint, networkState } from '../runs/checkpoint.js'
import { float32, type Shape, sizeOf, type Tensor } from '../tensor.js'
import { type Classifier, classifier } from './classifier.js'
import { type MostProbable, mostProbable } from './most-probable.js'
import { cover, type OcclusionMap, type OcclusionOptions, occlusionGrid } from './occlusion.js'

/** What a layer makes of a picture. */
export interface LayerActivations {
  /** `features.0` */
  readonly layer: string
  readonly kind: string
  /** (C, H, W) or (features). */
  readonly shape: Shape
  readonly data: Float32Array
}

/**
 * A trained net at work on single pictures of any size, with a look inside. Calls must not overlap.
 */
export interface PictureClassifier {
  /** In the order of the net's outputs. */
  readonly classes: readonly string[]
  readonly summary: ModelSummary
  /** The most probable classes, the first the most probable. */
  predict(picture: Image, top: number): Promise<MostProbable>
  /** What each layer produces, in order. */
  activations(picture: Image): Promise<readonly LayerActivations[]>
  /** @throws AlexNetError `invalid-setting` for a square of no size, or a class that does not exist. */
  occlusionMap(picture: Image, options: OcclusionOptions): Promise<OcclusionMap>
  /** The picture as the net gets it, before its colours are normalised: (3, H, W). */
  fitted(picture: Image): Image
  /**
   * A parameter by its name: `features.0.weight`, the filters of the first layer (F, C, K, K).
   * @throws AlexNetError `unknown-name`
   */
  parameter(name: string): Tensor<'float32'>
  dispose(): Promise<void>
}

/** Pictures that are classified at a time for an occlusion map. */
const COVERED = 16

/**
 * Makes a trained model ready. What a look inside needs is compiled when it is first asked for.
 * @example const net = pictureClassifier(engine, decodeCheckpoint(bytes, 'best.safetensors'))
 */
export function pictureClassifier(
  engine: Engine,
  checkpoint: Checkpoint,
  options: Pick<CompileOptions, 'threads'> = {},
): PictureClassifier {
  const { model, classes, preprocessing } = checkpoint
  const parameters = networkState(model, checkpoint.state)
  const size = sizeOf(model.inputShape)
  const classifiers = new Map<number, Promise<Classifier>>()
  let allLayers: Promise<Executable> | undefined

  const classifierOf = (batchSize: number): Promise<Classifier> => {
    const known = classifiers.get(batchSize)
    if (known) return known
    const made = (async () => {
      const net = await classifier(engine, model, { ...options, batchSize })
      await net.load(parameters)
      return net
    })()
    classifiers.set(batchSize, made)
    return made
  }
  const openLayers = async (): Promise<Executable> => {
    const layers = layersOf(model).map(({ name }) => name)
    const executable = await engine.compile(activationsProgram(model, 1, layers), options)
    await executable.writeState(parameters)
    return executable
  }
  const prepared = ({ data, shape }: Image, how = preprocessing) => {
    const values = new Float32Array(size)
    preprocess(data, shape, how, undefined, values, 0)
    return values
  }

  return {
    classes,
    summary: summarise(model),

    fitted(picture) {
      const colours = Uint8Array.from(prepared(picture, withColours(preprocessing)), (value) =>
        Math.max(0, Math.min(255, Math.round(value))),
      )
      return { shape: [3, model.inputShape[1], model.inputShape[2]], data: colours }
    },

    async predict(picture, top) {
      const { probabilities } = await (await classifierOf(1)).classify(prepared(picture), 1)
      return mostProbable(probabilities, classes, top)
    },

    async activations(picture) {
      allLayers ??= openLayers()
      const images = float32([1, ...model.inputShape], prepared(picture))
      const outputs = await (await allLayers).run({ images })
      return layersOf(model).map(({ name, layer, output }) => ({
        layer: name,
        kind: layer.kind,
        shape: output.slice(1),
        data: Float32Array.from(outputs[name].data),
      }))
    },

    async occlusionMap(picture, occlusion) {
      checkOcclusion(occlusion, classes.length)
      const { patch, stride, index } = occlusion
      const values = prepared(picture)
      const { rows, columns } = occlusionGrid(model.inputShape, occlusion)
      const net = await classifierOf(COVERED)
      // The whole picture comes last.
      const count = rows * columns + 1
      const probability = new Float32Array(count)
      const images = new Float32Array(COVERED * size)
      for (let from = 0; from < count; from += COVERED) {
        const some = Math.min(COVERED, count - from)
        for (let n = 0; n < some; n++) {
          const target = images.subarray(n * size, (n + 1) * size)
          const [row, column] = [Math.floor((from + n) / columns), (from + n) % columns]
          if (from + n === rows * columns) target.set(values)
          else cover(values, model.inputShape, { top: row * stride, left: column * stride, patch }, target)
        }
        const { probabilities } = await net.classify(images, some)
        for (let n = 0; n < some; n++) probability[from + n] = probabilities[n * classes.length + index]
      }
      return { rows, columns, probability: probability.slice(0, -1), whole: probability[count - 1] }
    },

    parameter(name) {
      const tensor = Object.hasOwn(parameters, name) ? parameters[name] : undefined
      if (!tensor) throw new AlexNetError('unknown-name', `${model.name} has no parameter '${name}'`)
      return float32(tensor.shape, tensor.data as Float32Array)
    },

    async dispose() {
      for (const net of classifiers.values()) await (await net).dispose()
      await (await allLayers)?.dispose()
    },
  }
}

/** The same, with the colours as they are. */
function withColours(preprocessing: Preprocessing): Preprocessing {
  return { ...preprocessing, normalisation: { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] } }
}

function checkOcclusion({ patch, stride, index }: OcclusionOptions, classes: number): void {
  for (const [name, value] of Object.entries({ patch, stride }))
    if (!Number.isInteger(value) || value < 1)
      throw new AlexNetError('invalid-setting', `occlusion: ${name} must be a whole number above 0, got ${value}`)
  if (!Number.isInteger(index) || index < 0 || index >= classes)
    throw new AlexNetError('invalid-setting', `occlusion: there is no class ${index}, only 0–${classes - 1}`)
}
