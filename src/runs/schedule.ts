import * as z from 'zod'
import { AlexNetError } from '../errors.js'
import { didYouMean } from '../suggest.js'

const factor = z.number().positive().lt(1).default(0.1)

/**
 * How the learning rate ε falls. Epochs are counted from 0, so `at: [8]` means "after 8 epochs".
 *
 * - `constant`: it does not.
 * - `steps`: times `factor` every `every` epochs.
 * - `drops`: times `factor` at each of the epochs `at`, as cuda-convnet's and the authors' schedules were run by hand.
 * - `plateau`: times `factor` when the validation loss has not fallen by `threshold` (a share of it) for `patience`
 *   epochs; at most `drops` times, then training ends. What the paper did by hand, with three drops.
 * - `cosine`: along half a cosine from ε to `to`·ε, step by step, after `warmup` epochs of linear rise.
 */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({ kind: z.literal('steps'), every: z.number().int().positive(), factor }),
  z.strictObject({ kind: z.literal('drops'), at: z.array(z.number().int().positive()).min(1), factor }),
  z.strictObject({
    kind: z.literal('plateau'),
    patience: z.number().int().positive().default(5),
    factor,
    drops: z.number().int().positive().default(3),
    threshold: z.number().min(0).lt(1).default(1e-3),
  }),
  z.strictObject({
    kind: z.literal('cosine'),
    to: z.number().min(0).max(1).default(0),
    warmup: z.number().min(0).default(0),
  }),
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

/**
 * Reads a schedule as it is written on the command line: `constant`, `steps:30`, `drops:8,9`, `plateau`, `plateau:3`
 * (patience), `cosine`.
 * @throws AlexNetError `unknown-name` or `invalid-setting`
 */
export function parseSchedule(text: string): Schedule {
  const [kind, ...rest] = text.split(':')
  const numbers = rest.join(':').split(',').filter(Boolean).map(Number)
  const candidates: Record<string, unknown> = {
    constant: { kind },
    steps: { kind, every: numbers[0] },
    drops: { kind, at: numbers },
    plateau: { kind, patience: numbers[0] },
    cosine: { kind },
  }
  if (!Object.hasOwn(candidates, kind))
    throw new AlexNetError('unknown-name', `there is no schedule '${kind}'`, didYouMean(kind, Object.keys(candidates)))
  const parsed = scheduleSchema.safeParse(candidates[kind])
  if (!parsed.success || ((kind === 'constant' || kind === 'cosine') && numbers.length > 0))
    throw new AlexNetError(
      'invalid-setting',
      `'${text}' is not a schedule`,
      'Write constant, steps:30 (every 30 epochs), drops:8,9 (after 8 and 9 epochs), plateau:5 (patience) or cosine.',
    )
  return parsed.data
}
