import type { CheckpointAbout } from './checkpoint.js'

/** `best` holds the parameters with the lowest loss in the evaluation, `last` those to go on from. */
export const checkpointNames = ['best', 'last'] as const
export type CheckpointName = (typeof checkpointNames)[number]

/**
 * Which checkpoint of a run to use: the best where validation pictures have chosen it, else the last, since a choice by the
 * test pictures would make the test look better than it is.
 *
 * @param last What the last checkpoint says of itself.
 */
export function whichCheckpoint(
  { recipe, progress }: Pick<CheckpointAbout, 'recipe' | 'progress'>,
  hasBest: boolean,
): CheckpointName {
  // Checkpoints of earlier versions do not say by which part the best was chosen.
  return hasBest && (progress.best?.part === 'validation' || recipe.data.validation > 0) ? 'best' : 'last'
}
