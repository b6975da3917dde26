import * as z from 'zod'

const epochs = z.int().positive()
const factor = z.number().positive().lt(1).default(0.1).describe('What the rate is multiplied by.')

/** How the learning rate ε falls. Epochs are counted from 0, so `at: [8]` means "after 8 epochs". */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }).describe('The rate stays.'),
  z
    .strictObject({ kind: z.literal('steps'), every: epochs.describe('Epochs between two drops.'), factor })
    .describe('Times `factor` every `every` epochs.'),
  z
    .strictObject({
      kind: z.literal('drops'),
      at: z.array(epochs).min(1).describe('The epochs after which the rate drops: [8, 9].'),
      factor,
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
    })
    .describe(
      'Times `factor` when the validation loss has not fallen by `threshold` for `patience` epochs. What the paper did by ' +
        'hand, with three drops.',
    ),
  z
    .strictObject({
      kind: z.literal('cosine'),
      to: z.number().min(0).max(1).default(0).describe('Where the rate ends: a share of where it starts.'),
      warmup: z.number().min(0).default(0).describe('Epochs in which the rate rises to its start, in a line.'),
    })
    .describe('Along half a cosine down to `to` times the rate, step by step, after `warmup` epochs.'),
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
      const time = epoch + batch / batchesPerEpoch
      if (time < schedule.warmup) return (base * (time + 1 / batchesPerEpoch)) / (schedule.warmup + 1 / batchesPerEpoch)
      const share = (time - schedule.warmup) / Math.max(epochs - schedule.warmup, 1e-9)
      return base * (schedule.to + ((1 - schedule.to) * (1 + Math.cos(Math.PI * Math.min(share, 1)))) / 2)
    }
  }
}

/** Tells a plateau schedule the validation loss of an epoch. `finished`: it would have to drop once more than it may. */
export function afterEpoch(
  schedule: Schedule,
  plateau: PlateauState,
  validationLoss: number,
): { plateau: PlateauState; finished: boolean } {
  if (schedule.kind !== 'plateau') return { plateau, finished: false }
  const { best, drops } = plateau
  if (best === null || validationLoss < best * (1 - schedule.threshold))
    return { plateau: { best: validationLoss, waited: 0, drops }, finished: false }
  const waited = plateau.waited + 1
  if (waited < schedule.patience) return { plateau: { best, waited, drops }, finished: false }
  if (drops === schedule.drops) return { plateau: { best, waited, drops }, finished: true }
  return { plateau: { best, waited: 0, drops: drops + 1 }, finished: false }
}
