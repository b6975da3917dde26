import { AlexNetError } from '../../../errors.js'

/** The environment variable that says how kernels are chosen. */
export const tuningVariable = 'ALEXNET_TUNE'

/**
 * - `on`: by measuring, among those that are exact enough to train with by default.
 * - `off`: the library's first choice.
 * - `winograd`: as `on`, and Winograd's algorithm in training too.
 */
const modes = ['on', 'off', 'winograd'] as const
export type TuningMode = (typeof modes)[number]

/** @throws AlexNetError `invalid-setting` for another value. */
export function tuningMode(environment: NodeJS.ProcessEnv = process.env): TuningMode {
  const given = environment[tuningVariable] || 'on'
  const mode = modes.find((each) => each === given)
  if (mode) return mode
  throw new AlexNetError('invalid-setting', `${tuningVariable} is '${given}', expected ${modes.join(', ')}`)
}
