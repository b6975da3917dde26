import { AlexNetError } from '../../../errors.js'

/** The environment variable that says how kernels are chosen. */
export const tuningVariable = 'ALEXNET_TUNE'

/**
 * - `on`: by measuring.
 * - `direct`: as `on`, but without Winograd's algorithm.
 * - `off`: the library's first choice.
 */
const modes = ['on', 'direct', 'off'] as const
export type TuningMode = (typeof modes)[number]

/** @throws AlexNetError `invalid-setting` for another value. */
export function tuningMode(environment: NodeJS.ProcessEnv = process.env): TuningMode {
  const given = environment[tuningVariable] || 'on'
  const mode = modes.find((each) => each === given)
  if (mode) return mode
  throw new AlexNetError('invalid-setting', `${tuningVariable} is '${given}', expected ${modes.join(', ')}`)
}
