import { GraphBuilder } from '../graph/builder.js'
import { softmax } from '../graph/ops/softmax.js'
import type { Program } from '../graph/program.js'
import { applyModel, type Model } from '../models/model.js'

/** The output that holds what a layer produces. */
export const layerOutput = (layer: string): string => `layer:${layer}`

/**
 * A model at work on one picture, with everything that happens on the way: input `images` (1, C, H, W); outputs
 * `probabilities` (1, classes), and for each layer, under `layerOutput`, what it produces. State: the parameters.
 */
export function inspectionProgram(model: Model): Program {
  const graph = new GraphBuilder(`${model.name} inspection`)
  const images = graph.input('images', [1, ...model.inputShape])
  const { logits, layers, outputs } = applyModel(graph, model, images)
  const each = layers.map(({ name }, i) => [layerOutput(name), outputs[i]] as const)
  const probabilities = graph.add(softmax, [logits], {})
  return graph.program({ outputs: { probabilities, ...Object.fromEntries(each) } })
}
