import { type EpochLine, type EpochTiming, evaluationOf, type StepsLine } from './lines.js'

/** Numbers that belong to a step of a run, by the names that TensorBoard shows them under. */
export interface Scalars {
  readonly step: number
  readonly values: Readonly<Record<string, number>>
}

/** The name of the number that says how many epochs are complete: only what is told after an epoch has it. */
export const EPOCH_TAG = 'epoch'

/** Sums of the epoch under way. */
interface Sums {
  readonly steps: number
  readonly loss: number
  readonly top1: number
  readonly top5: number
}

const nothing: Sums = { steps: 0, loss: 0, top1: 0, top5: 0 }

/**
 * Makes curves of the lines of `metrics.jsonl`, one after the other. These hold the means of the epoch so far, which would
 * be a curve that jumps at each epoch: here a point of the training is the mean since the point before it.
 */
export class RunScalars {
  private sums = nothing
  /** The step at which the epoch began. */
  private epochStart = 0

  steps({ step, rate, loss, top1, top5 }: StepsLine): Scalars {
    return { step, values: { ...this.since(step, { loss, top1, top5 }), learning_rate: rate } }
  }

  /** @param timing Of the same epoch. */
  epoch(line: EpochLine, timing?: Pick<EpochTiming, 'imagesPerSecond'>): Scalars {
    const { epoch, step, rate, training } = line
    const rest = this.since(step, training)
    this.epochStart = step
    this.sums = nothing
    const evaluation = evaluationOf(line)
    return {
      step,
      values: {
        ...(Object.keys(rest).length > 0 && { ...rest, learning_rate: rate }),
        ...(evaluation && named(evaluation.part, evaluation.metrics)),
        ...(timing && { images_per_second: timing.imagesPerSecond }),
        [EPOCH_TAG]: epoch,
      },
    }
  }

  /** The means since the last point, of means since the epoch began. */
  private since(step: number, means: Means): Record<string, number> {
    const before = this.sums
    const steps = step - this.epochStart
    this.sums = { steps, loss: steps * means.loss, top1: steps * means.top1, top5: steps * means.top5 }
    const added = steps - before.steps
    if (added <= 0) return {}
    const mean = (key: keyof Means) => (this.sums[key] - before[key]) / added
    return named('train', { loss: mean('loss'), top1: mean('top1'), top5: mean('top5') })
  }
}

interface Means {
  readonly loss: number
  readonly top1: number
  readonly top5: number
}

function named(part: string, { loss, top1, top5 }: Means): Record<string, number> {
  return { [`loss/${part}`]: loss, [`accuracy/${part}`]: top1, [`top5/${part}`]: top5 }
}
