import type { Progress } from '../runs/progress.js'
import type { Speed } from './speed.js'

/** An evaluation goes forward alone, which is a third of the work of a step; nobody has measured it before the first. */
const SHARE_OF_A_STEP = 1 / 3

/** The speed is told from once so many seconds of steps are measured, or so many steps. */
const MEASURED_SECONDS = 3
const MEASURED_STEPS = 32

export interface TimeLeftOptions {
  readonly epochs: number
  readonly batchesPerEpoch: number
  readonly batchSize: number
  /** Pictures that are evaluated after an epoch. */
  readonly evaluated: number
  readonly speed: Speed
}

/** How long a training still takes, by what its steps and the end of its last epoch have taken. Times are in milliseconds. */
export class TimeLeft {
  private lastStep = 0
  /** What follows the steps of an epoch: its evaluation and its checkpoint. */
  private secondsBesides: number | undefined

  constructor(private readonly options: TimeLeftOptions) {}

  /** @param now When the step had ended. */
  onStep(now = performance.now()): void {
    this.lastStep = now
  }

  /** @param now When the epoch was evaluated and written down. */
  onEpoch(now = performance.now()): void {
    this.secondsBesides = (now - this.lastStep) / 1000
  }

  /** Seconds from here to the end of the last epoch; undefined before enough is measured to tell. */
  at({ epoch, batch }: Pick<Progress, 'epoch' | 'batch'>): number | undefined {
    const { epochs, batchesPerEpoch, batchSize, evaluated, speed } = this.options
    const { seconds, pictures } = speed.measured()
    if (seconds < MEASURED_SECONDS && pictures < MEASURED_STEPS * batchSize) return undefined
    const perSecond = speed.lately()
    const besides = this.secondsBesides ?? (SHARE_OF_A_STEP * evaluated) / perSecond
    const steps = (epochs - epoch) * batchesPerEpoch - batch
    return (steps * batchSize) / perSecond + (epochs - epoch) * besides
  }
}
