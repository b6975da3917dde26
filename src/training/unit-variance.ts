import type { CompileOptions, Engine } from '../engines/engine.js'
import { layersOf, type Model } from '../models/model.js'
import { activationsProgram } from '../programs/activations-program.js'
import { float32, type Tensor, type Tensors } from '../tensor.js'

export interface UnitVarianceOptions extends Pick<CompileOptions, 'threads' | 'precision'> {
  readonly model: Model
  readonly engine: Engine
  /** The drawn parameters. */
  readonly state: Tensors
  /** Prepared pictures as a step of training gets them: (N, C, H, W). */
  readonly images: Tensor<'float32'>
}

/**
 * Scales the weights of each convolution and each fully connected layer, one after the other, so that what the layer gives
 * for these pictures has the variance 1: layer-sequential unit variance (Mishkin and Matas, "All you need is a good init",
 * ICLR 2016, algorithm 1). Then no layer starts too faint for the next to learn from, whatever stands between them. A layer
 * is linear in its weights and its bias starts at 0, so that one division is enough.
 *
 * @returns The state with other weights; a layer that gives one value for all pictures stays as it was drawn.
 */
export async function withUnitVariance({
  model,
  engine,
  state,
  images,
  ...options
}: UnitVarianceOptions): Promise<Tensors> {
  const weighted = layersOf(model).filter(({ layer: { kind } }) => kind === 'conv2d' || kind === 'linear')
  const names = weighted.map(({ name }) => name)
  const executable = await engine.compile(activationsProgram(model, images.shape[0], names), options)
  try {
    await executable.writeState(state)
    const scaled = { ...state }
    for (const { name, parameters } of weighted) {
      const { [name]: output } = await executable.run({ images })
      const deviation = standardDeviation(output.data)
      if (!(deviation > 0 && Number.isFinite(deviation))) continue
      for (const { name: parameter } of parameters.filter(({ name }) => name.endsWith('.weight'))) {
        const { shape, data } = scaled[parameter]
        scaled[parameter] = float32(
          shape,
          Float32Array.from(data, (value) => value / deviation),
        )
        await executable.writeState({ [parameter]: scaled[parameter] })
      }
    }
    return scaled
  } finally {
    await executable.dispose()
  }
}

function standardDeviation(values: Tensor['data']): number {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / values.length)
}
