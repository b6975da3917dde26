import type { Batch } from '../data/batch.js'
import type { BatchLoader } from '../data/batch-loader.js'
import { resolveMixing } from '../data/mix/mixing.js'
import type { Program } from '../graph/program.js'
import type { Model } from '../models/model.js'
import type { OptimizerSettings } from '../optimizers/index.js'
import { checkLoss, isPlain, type Loss, lossTargets } from '../programs/loss.js'
import { stepInputs, type TrainingStep, trainingProgram } from '../programs/training-program.js'
import type { Tensors } from '../tensor.js'

/** What a network learns by. */
export interface LearningRule {
  readonly model: Model
  readonly optimizer?: OptimizerSettings | undefined
  readonly loss?: Loss | undefined
  /** Batches whose mean gradient makes one update; default 1. */
  readonly accumulate?: number | undefined
}

/** A step of learning: its program, and what it is given of a batch. */
export interface Learning {
  readonly program: Program
  inputs(batch: Batch, at: Pick<TrainingStep, 'rate' | 'step' | 'turn'>): Tensors
}

/**
 * How a network learns from the batches of a loader. Whoever trains takes program and inputs from here: whether there are
 * targets besides the labels depends on the loss and on whether pictures are mixed.
 *
 * @throws AlexNetError `invalid-setting` for a loss that is none of the network's classes.
 */
export function learning(
  { model, optimizer, loss = {}, accumulate = 1 }: LearningRule,
  { batchSize, seed, mix }: Pick<BatchLoader, 'batchSize' | 'seed' | 'mix'>,
): Learning {
  checkLoss(loss, model.classes)
  const softTargets = !isPlain(loss) || resolveMixing(mix) !== undefined
  const program = trainingProgram(model, { batchSize, optimizer, seed, softTargets, accumulates: accumulate > 1 })
  return {
    program,
    inputs(batch, at) {
      const { images, labels } = batch
      const targets = softTargets ? lossTargets(batch, model.classes, loss) : undefined
      return stepInputs(program, { images, labels, targets, ...at })
    },
  }
}
