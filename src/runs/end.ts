import type { Progress } from './progress.js'
import type { Recipe } from './recipe.js'

/** What has ended a run before its last epoch. */
export type EarlyEnd = 'patience' | 'schedule'

/** What has ended the run; undefined where only the number of its epochs does. */
export function earlyEnd({ endedByPatience, endedBySchedule }: Progress): EarlyEnd | undefined {
  if (endedByPatience) return 'patience'
  return endedBySchedule ? 'schedule' : undefined
}

/**
 * True when no epoch of the last `patience` had a lower loss than all before it. Lower is lower by however little: it is
 * what makes an epoch the best, so nothing else needs to be remembered.
 */
export function isOutOfPatience({ epoch, best }: Pick<Progress, 'epoch' | 'best'>, patience?: number): boolean {
  return patience !== undefined && best !== null && epoch - best.epoch >= patience
}

/** Why no epoch follows, in words. */
export function describeEnd(end: EarlyEnd, { training, schedule }: Recipe, { best }: Pick<Progress, 'best'>): string {
  return end === 'patience'
    ? `the validation loss has not been lower than after epoch ${best?.epoch} for ${training.patience === 1 ? 'an epoch' : `${training.patience} epochs`} (patience)`
    : `the validation loss has stopped falling${schedule.kind === 'plateau' ? `, and the rate has dropped ${schedule.drops === 1 ? 'once' : `${schedule.drops} times`}` : ''} (schedule)`
}
