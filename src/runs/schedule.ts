import * as z from 'zod'
import { oneCycleRate, oneCycleSchema } from './one-cycle.js'

const epochs = z.int().positive()
const factor = z.number().positive().lt(1).default(0.1).describe('What the rate is multiplied by.')
const warmup = z.number().min(0)
/** Of the schedules whose epochs go on counting from the beginning of the run. */
const rise = {
  warmup: warmup.optional().describe('Epochs in which the rate rises in a line to what it is by the schedule.'),
}

/** How the learning rate ε goes. Epochs are counted from 0, so `at: [8]` means "after 8 epochs". */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), ...rise }).describe('The rate stays.'),
  z
    .strictObject({ kind: z.literal('steps'), every: epochs.describe('Epochs between two drops.'), factor, ...rise })
    .describe('Times `factor` every `every` epochs.'),
  z
    .strictObject({
      kind: z.literal('drops'),
      at: z.array(epochs).min(1).describe('The epochs after which the rate drops: [8, 9].'),
      factor,
      ...rise,
    })
    .describe(
      "Times `factor` at each of the epochs `at`, as cuda-convnet's and the authors' schedules were run by hand.",
    ),
  z
    .strictObject({
      kind: z.literal('plateau'),
      patience: epochs.default(5).describe('Epochs that are waited for a lower loss.'),
      factor,
      drops: z.int().positive().default(3).describe('How often the rate drops at most; then training ends.'),
      threshold: z.number().min(0).lt(1).default(1e-3).describe('What counts as lower: a share of the lowest loss.'),
      ...rise,
    })
    .describe(
      'Times `factor` when the validation loss has not fallen by `threshold` for `patience` epochs. What the paper did by ' +
        'hand, with three drops.',
    ),
  z
    .strictObject({
      kind: z.literal('cosine'),
      to: z.number().min(0).max(1).default(0).describe('Where the rate ends: a share of where it starts.'),
      warmup: warmup.default(0).describe('Epochs in which the rate rises to its start, in a line.'),
    })
    .describe('Along half a cosine down to `to` times the rate, step by step, after `warmup` epochs.'),
  oneCycleSchema,
])

export type Schedule = z.infer<typeof scheduleSchema>

/** What a plateau schedule remembers; it is saved with a checkpoint. The other schedules remember nothing. */
export interface PlateauState {
  /** The lowest validation loss so far; null before the first. */
  readonly best: number | null
  /** Epochs since then. */
  readonly waited: number
  /** How often the rate has fallen. */
  readonly drops: number
}

export const freshPlateau: PlateauState = { best: null, waited: 0, drops: 0 }

/** Where in a run a step lies. */
export interface StepPosition {
  readonly epoch: number
  readonly batch: number
  readonly batchesPerEpoch: number
  readonly epochs: number
}

/** The learning rate of a step: `base` times what the schedule makes of it. */
export function rateAt(schedule: Schedule, base: number, position: StepPosition, plateau: PlateauState): number {
  const { epoch, batch, batchesPerEpoch, epochs } = position
  if (schedule.kind === 'one-cycle')
    return oneCycleRate(schedule, base, epoch * batchesPerEpoch + batch, epochs * batchesPerEpoch)
  const time = epoch + batch / batchesPerEpoch
  const warmup = warmupOf(schedule)
  const rate = risenRate(schedule, base, epoch, time, epochs, plateau)
  // torch.optim.lr_scheduler.LinearLR with start_factor 1/(W + 1) and total_iters W, the steps of the warm-up: no step
  // has the rate 0, and the first one after them has the whole.
  return time < warmup ? (rate * (time + 1 / batchesPerEpoch)) / (warmup + 1 / batchesPerEpoch) : rate
}

/** Epochs in which the rate rises in a line. */
export function warmupOf(schedule: Schedule): number {
  return schedule.kind === 'one-cycle' ? 0 : (schedule.warmup ?? 0)
}

/** The rate without the rise: what a warm-up leads to. */
function risenRate(
  schedule: Exclude<Schedule, { kind: 'one-cycle' }>,
  base: number,
  epoch: number,
  time: number,
  epochs: number,
  plateau: PlateauState,
): number {
  switch (schedule.kind) {
    case 'constant':
      return base
    case 'steps':
      return base * schedule.factor ** Math.floor(epoch / schedule.every)
    case 'drops':
      return base * schedule.factor ** schedule.at.filter((at) => epoch >= at).length
    case 'plateau':
      return base * schedule.factor ** plateau.drops
    case 'cosine': {
      // The curve begins behind the warm-up, which leads to its beginning.
      if (time < schedule.warmup) return base
      const share = (time - schedule.warmup) / Math.max(epochs - schedule.warmup, 1e-9)
      return base * (schedule.to + ((1 - schedule.to) * (1 + Math.cos(Math.PI * Math.min(share, 1)))) / 2)
    }
  }
}

/**
 * Tells a plateau schedule the validation loss of an epoch. `finished`: it would have to drop once more than it may.
 * @param epoch Its number, from 0: nothing is waited for in a warm-up.
 */
export function afterEpoch(
  schedule: Schedule,
  plateau: PlateauState,
  validationLoss: number,
  epoch: number,
): { plateau: PlateauState; finished: boolean } {
  if (schedule.kind !== 'plateau') return { plateau, finished: false }
  const { best, drops } = plateau
  if (best === null || validationLoss < best * (1 - schedule.threshold))
    return { plateau: { best: validationLoss, waited: 0, drops }, finished: false }
  if (epoch < warmupOf(schedule)) return { plateau, finished: false }
  const waited = plateau.waited + 1
  if (waited < schedule.patience) return { plateau: { best, waited, drops }, finished: false }
  if (drops === schedule.drops) return { plateau: { best, waited, drops }, finished: true }
  return { plateau: { best, waited: 0, drops: drops + 1 }, finished: false }
}
