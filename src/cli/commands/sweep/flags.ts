import type { TrainFlags } from '../train/flags.js'

/** The flags of `alexnet sweep`, as commander hands them over. */
export type SweepFlags = Omit<TrainFlags, 'ui'>
