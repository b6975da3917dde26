import { AlexNetError } from '../errors.js'
import { GraphBuilder } from '../graph/builder.js'
import type { Program } from '../graph/program.js'
import { applyModel, layersOf, type Model } from '../models/model.js'
import { didYouMean } from '../suggest.js'

/**
 * A model at work, seen from inside: input `images` (N, C, H, W); an output for each of `layers`, under the layer's name
 * (`classifier.5`): what that layer gives, (N, C, H, W) or (N, features). State: the parameters, which never change.
 *
 * @param layers Names as `layersOf` gives them; dropout does nothing here, so it gives what it gets.
 * @throws AlexNetError `unknown-name` for a layer that the model does not have.
 * @example activationsProgram(model, 1, layersOf(model).map(({ name }) => name)) // every map of the network
 */
export function activationsProgram(model: Model, batchSize: number, layers: readonly string[]): Program {
  const graph = new GraphBuilder(`${model.name} activations`)
  const images = graph.input('images', [batchSize, ...model.inputShape])
  const values = new Map(applyModel(graph, model, images).layers.map(({ name, value }) => [name, value]))
  const outputs = layers.map((name) => {
    const value = values.get(name)
    if (!value)
      throw new AlexNetError(
        'unknown-name',
        `model ${model.name} has no layer '${name}'`,
        didYouMean(name, [...values.keys()]),
      )
    return [name, value] as const
  })
  return graph.program({ outputs: Object.fromEntries(outputs) })
}

/**
 * The layer whose output is a picture's code: what the last linear layer decides by, as in the paper's figure 4. In AlexNet
 * that is `classifier.5`, the 4,096 values after the last hidden layer's ReLU.
 */
export function codeLayer(model: Model): string {
  const layers = layersOf(model)
  const last = layers.findLastIndex(({ layer }) => layer.kind === 'linear')
  return layers[Math.max(0, last - 1)].name
}
