import { GraphBuilder } from '../graph/builder.js'
import { softmax } from '../graph/ops/softmax.js'
import type { Program } from '../graph/program.js'
import { applyModel, type Model } from '../models/model.js'

/**
 * A model at work: input `images` (N, C, H, W); outputs `logits` and `probabilities` (N, classes). State: the parameters,
 * which never change by themselves.
 */
export function inferenceProgram(model: Model, batchSize: number): Program {
  const graph = new GraphBuilder(`${model.name} inference`)
  const images = graph.input('images', [batchSize, ...model.inputShape])
  const { logits } = applyModel(graph, model, images)
  return graph.program({ outputs: { logits, probabilities: graph.add(softmax, [logits], {}) } })
}
