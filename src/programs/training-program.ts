import { GraphBuilder } from '../graph/builder.js'
import { differentiate } from '../graph/differentiate.js'
import type { Node } from '../graph/node.js'
import { softmaxCrossEntropy } from '../graph/ops/softmax-cross-entropy.js'
import { topKCorrect } from '../graph/ops/top-k-correct.js'
import type { Program } from '../graph/program.js'
import { applyModel, type Model } from '../models/model.js'
import { type Sgd, sgdUpdate, velocityName } from './sgd.js'

/** Where a dropout mask enters the program. */
export interface MaskInput {
  /** `mask:classifier.0` */
  readonly input: string
  readonly shape: readonly number[]
  /** The share of values that are dropped. */
  readonly rate: number
}

export interface TrainingProgram {
  /**
   * Inputs: `images` (N, C, H, W), `labels` (N), `rate` (scalar), and the masks. Outputs: `loss` (the batch's mean),
   * `correct1` and `correct5` (counts). State: the parameters, and the velocities of those that learn.
   */
  readonly program: Program
  readonly masks: readonly MaskInput[]
}

/**
 * One step of learning as a program: forward, loss, gradients, update. A parameter whose rate is multiplied by 0 is
 * frozen: it is state that never changes, and no gradient is computed for it.
 */
export function trainingProgram(model: Model, batchSize: number, sgd: Sgd): TrainingProgram {
  const graph = new GraphBuilder(`${model.name} training`)
  const images = graph.input('images', [batchSize, ...model.inputShape])
  const labels = graph.input('labels', [batchSize], 'int32')
  const rate = graph.input('rate', [])

  const masks: MaskInput[] = []
  const { logits, parameters } = applyModel(graph, model, images, (layer, shape, dropped) => {
    const mask = { input: `mask:${layer}`, shape, rate: dropped }
    masks.push(mask)
    return graph.input(mask.input, shape, 'uint8')
  })
  const outputs = graph.within('loss', () => ({
    loss: graph.add(softmaxCrossEntropy, [logits, labels], {}),
    correct1: graph.add(topKCorrect, [logits, labels], { k: 1 }),
    correct5: graph.add(topKCorrect, [logits, labels], { k: 5 }),
  }))

  const learnt = parameters.filter(({ parameter }) => parameter.rate > 0)
  const gradients = differentiate(
    graph,
    outputs.loss,
    learnt.map(({ node }) => node),
  )
  const next: Record<string, Node> = {}
  learnt.forEach(({ parameter, node }, i) => {
    graph.within('update', () => {
      const velocity = graph.state(velocityName(parameter.name), parameter.shape)
      const updated = sgdUpdate(graph, sgd, parameter, { weight: node, velocity, gradient: gradients[i], rate })
      next[parameter.name] = updated.weight
      next[velocityName(parameter.name)] = updated.velocity
    })
  })
  return { program: graph.program({ outputs, next }), masks }
}
