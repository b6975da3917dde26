import { GraphBuilder } from '../graph/builder.js'
import { differentiate } from '../graph/differentiate.js'
import { softTargetCrossEntropy } from '../graph/ops/soft-target-cross-entropy.js'
import { softmaxCrossEntropy } from '../graph/ops/softmax-cross-entropy.js'
import { topKCorrect } from '../graph/ops/top-k-correct.js'
import { allInputs, type Program } from '../graph/program.js'
import { applyModel, type Model } from '../models/model.js'
import type { UpdateTurn } from '../optimizers/accumulation.js'
import { type OptimizerSettings, resolveOptimizer } from '../optimizers/index.js'
import { int32, scalar, scalarValue, type Tensor, type Tensors } from '../tensor.js'
import { updateProgram } from './update-program.js'

/** What a training program depends on besides its model and its learning rule. */
export interface TrainingProgramOptions {
  /** Pictures of a step. */
  readonly batchSize: number
  /** Default: SGD with momentum 0.9 and weight decay 5e-4, by PyTorch's rule. */
  readonly optimizer?: OptimizerSettings | undefined
  /** What dropout draws from; default 1. */
  readonly seed?: number
  /** The mean of several batches makes one update. Default: each batch makes its own. */
  readonly accumulates?: boolean
  /** The place of the first of these pictures in the whole batch, where this program computes a share of it; default 0. */
  readonly firstPicture?: number
  /** The loss is told by targets (N, classes), an input besides the labels: see `lossTargets`. Default: by the labels. */
  readonly softTargets?: boolean
}

/**
 * One step of learning as a program: forward, loss and gradients, then the optimizer's update. A parameter whose rate is
 * multiplied by 0 is frozen: it is state that never changes, and no gradient is computed for it.
 *
 * Inputs: those of `stepInputs`. Outputs: `loss` (the batch's mean), `correct1` and `correct5` (counts). State: the
 * parameters, what the layers keep besides (statistics), and what the optimizer keeps of those that learn.
 *
 * @throws AlexNetError `invalid-setting` for an optimizer that there is not, `invalid-shape` for a model that does not fit.
 * @example trainingProgram(model, { batchSize: 128, optimizer: { kind: 'adamw' } })
 */
export function trainingProgram(model: Model, options: TrainingProgramOptions): Program {
  const { batchSize, optimizer = {}, seed = 1, firstPicture = 0, softTargets = false, accumulates } = options
  const graph = new GraphBuilder(`${model.name} training`)
  const images = graph.input('images', [batchSize, ...model.inputShape])
  const labels = graph.input('labels', [batchSize], 'int32')
  const targets = softTargets ? graph.input('targets', [batchSize, model.classes]) : undefined
  const step = graph.input('step', [], 'int32')
  const { logits, parameters, next } = applyModel(graph, model, images, { seed, step, firstPicture })
  const outputs = graph.within('loss', () => ({
    loss: targets
      ? graph.add(softTargetCrossEntropy, [logits, targets], {})
      : graph.add(softmaxCrossEntropy, [logits, labels], {}),
    correct1: graph.add(topKCorrect, [logits, labels], { k: 1 }),
    correct5: graph.add(topKCorrect, [logits, labels], { k: 5 }),
  }))

  const learnt = parameters.filter(({ parameter }) => parameter.rate > 0)
  const gradients = differentiate(
    graph,
    outputs.loss,
    learnt.map(({ node }) => node),
  )
  return graph.program({
    outputs,
    next,
    gradients: Object.fromEntries(learnt.map(({ parameter }, i) => [parameter.name, gradients[i]])),
    update: updateProgram(
      model.name,
      learnt.map(({ parameter }) => parameter),
      resolveOptimizer(optimizer),
      { accumulates },
    ),
  })
}

/** What one step of a training works on. */
export interface TrainingStep {
  /** (N, C, H, W) */
  readonly images: Tensor
  /** (N), int32 */
  readonly labels: Tensor
  /** (N, classes), of a program with soft targets. */
  readonly targets?: Tensor | undefined
  /** The learning rate ε. */
  readonly rate: number
  /** The number of this step since the run began, from 0. */
  readonly step: number
  /** Where the program accumulates gradients, this batch's place in its update; default: it makes one by itself. */
  readonly turn?: UpdateTurn
}

/**
 * The inputs of one step of a training program. Not every program counts its steps: dropout does, and some optimizers.
 *
 * @example await executable.run(stepInputs(program, { images, labels, rate: 0.01, step }))
 */
export function stepInputs(program: Program, { images, labels, targets, rate, step, turn }: TrainingStep): Tensors {
  const { update, batches, isLast } = turn ?? { update: step, batches: 1, isLast: true }
  const known = allInputs(program)
  const counted = {
    step: int32([], [step]),
    update: int32([], [update]),
    share: scalar(1 / batches),
    last: scalar(isLast ? 1 : 0),
  }
  const used = Object.entries(counted).filter(([name]) => Object.hasOwn(known, name))
  return { images, labels, ...(targets && { targets }), rate: scalar(rate), ...Object.fromEntries(used) }
}

/** What a step of a training program has found of its batch. */
export interface StepResults {
  /** The mean. */
  readonly loss: number
  /** Pictures whose most probable class is the right one, and with the right one among the five most probable. */
  readonly correct1: number
  readonly correct5: number
}

/** The outputs of one step of a training program. @example stepResults(await executable.run(inputs)).loss */
export function stepResults({ loss, correct1, correct5 }: Tensors): StepResults {
  return { loss: scalarValue(loss), correct1: scalarValue(correct1), correct5: scalarValue(correct5) }
}
