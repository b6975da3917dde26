import { type Preprocessing, preprocess } from '../data/preprocessing.js'
import type { OnnxGraphWriter } from '../engines/onnx/graph-writer.js'
import { lowerProgram } from '../engines/onnx/lower-program.js'
import { dataTypes } from '../formats/onnx/data-types.js'
import type { OnnxModel, OnnxValueInfo } from '../formats/onnx/model.js'
import { dropUnused } from '../graph/program.js'
import type { Model } from '../models/model.js'
import { inferenceProgram } from '../programs/inference-program.js'
import { sizeOf } from '../tensor.js'
import type { PixelType } from './export-formats.js'
import { completed, type ExportedNetwork } from './exported-network.js'
import { packFacts } from './metadata.js'

export interface OnnxExportOptions {
  /** A second output `probabilities`, beside `logits`. */
  readonly probabilities?: boolean
  /**
   * Normalises inside the graph: its input is then the pixels, 0–255, as bytes or as real numbers, of pictures that have
   * been resized and cropped to the network's size. Without it the input is what the preprocessing makes of them.
   */
  readonly preprocess?: PixelType
}

const BATCH_AXIS = 'N'

/**
 * A network as an ONNX model (opset 16): input `images` (N, 3, H, W), red before green before blue; output `logits`
 * (N, classes); N is open. It is the program that the engines run, written in plain operators, so any program that reads
 * ONNX computes what was trained. Layers, classes and preprocessing lie in its metadata.
 *
 * @throws AlexNetError `incompatible-state` when the tensors are not those of the model.
 * @example await writeFile('net.onnx', encodeOnnx(exportOnnx(await readCheckpoint('runs/shapes-1'))))
 */
export function exportOnnx(network: ExportedNetwork, options: OnnxExportOptions = {}): OnnxModel {
  const { state, ...facts } = completed(network)
  const { model, preprocessing } = facts
  const { outputs, ...program } = inferenceProgram(model, 1)
  const wanted = options.probabilities ? outputs : { logits: outputs.logits }
  const { preprocess: dtype } = options
  const lowered = lowerProgram(dropUnused({ ...program, outputs: wanted }), {
    constants: state,
    exchange: {
      batchAxis: BATCH_AXIS,
      ...(dtype && { input: (graph, name, shape) => normalisedInput(graph, name, shape, dtype, model, preprocessing) }),
    },
  })
  return { ...lowered, metadata: packFacts(facts) }
}

/** (pixels − mean) · 1/deviation, as `preprocess` does it. */
function normalisedInput(
  graph: OnnxGraphWriter,
  name: string,
  shape: OnnxValueInfo['shape'],
  dtype: PixelType,
  { inputShape }: Model,
  preprocessing: Preprocessing,
): string {
  const { normalisation } = preprocessing
  graph.enter('preprocessing')
  const pixels = graph.input(name, dtype, shape)
  const real = dtype === 'float32' ? pixels : graph.node('Cast', [pixels], { to: dataTypes.float32 })
  const [mean, deviation] =
    normalisation.kind === 'channel'
      ? [graph.floats(normalisation.mean, [1, 3, 1, 1]), normalisation.deviation]
      : [graph.floats(meanPicture(inputShape, preprocessing), [1, ...inputShape]), [normalisation.deviation]]
  const scale = graph.floats(
    deviation.map((value) => 1 / value),
    [1, deviation.length, 1, 1],
  )
  return graph.node('Mul', [graph.node('Sub', [real, mean]), scale])
}

/** The part of the mean picture that a test's crop leaves: what a black picture lacks to 0. */
function meanPicture(inputShape: readonly number[], preprocessing: Preprocessing): Float32Array {
  const { size, normalisation } = preprocessing
  const black = new Uint8Array(3 * size * size)
  const target = new Float32Array(sizeOf(inputShape))
  const unscaled: Preprocessing =
    normalisation.kind === 'pixel'
      ? { ...preprocessing, normalisation: { ...normalisation, deviation: 1 } }
      : preprocessing
  preprocess(black, [3, size, size], unscaled, undefined, target, 0)
  return target.map((value) => -value)
}
