import { AlexNetError } from '../../../errors.js'
import type { TrainFlags } from './flags.js'

/** What stands in place of a rate that is to be looked for. */
export const AUTO_RATE = 'auto'

/**
 * Flags without `--lr auto`, which no recipe has, and whether the rate is to be looked for: of several the last holds.
 * @throws AlexNetError `usage` where nothing is trained from the start.
 */
export function withoutAutoRate(flags: TrainFlags): { readonly flags: TrainFlags; readonly rate?: 'auto' } {
  const { set = [], resume, dryRun } = flags
  const isRate = ({ path }: (typeof set)[number]) => path.join('.') === 'optimizer.rate'
  const isAuto = (setting: (typeof set)[number]) => isRate(setting) && setting.value === AUTO_RATE
  if (!set.some(isAuto)) return { flags }
  const rest = { ...flags, set: set.filter((setting) => !isAuto(setting)) }
  const last = set.findLast(isRate)
  if (!last || !isAuto(last)) return { flags: rest }
  if (resume !== undefined || dryRun)
    throw new AlexNetError(
      'usage',
      `${resume === undefined ? '--dry-run trains nothing' : '--resume goes on with a run'}: --lr auto cannot be given`,
      '`alexnet lr-find` looks for a rate and trains nothing.',
    )
  return { flags: rest, rate: 'auto' }
}
