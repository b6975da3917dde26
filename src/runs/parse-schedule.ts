import { AlexNetError } from '../errors.js'
import type { Pointers } from '../settings/check.js'
import { didYouMean } from '../suggest.js'
import { type Schedule, scheduleSchema } from './schedule.js'

/**
 * Reads a schedule as it is written on the command line: `constant`, `steps:30`, `drops:8,9`, `plateau`, `plateau:3`
 * (patience), `cosine`.
 * @param pointers For what a person has typed.
 * @throws AlexNetError `unknown-name` or `invalid-setting`
 */
export function parseSchedule(text: string, pointers?: Pointers): Schedule {
  const [kind, ...rest] = text.split(':')
  const numbers = rest.join(':').split(',').filter(Boolean).map(Number)
  const candidates: Record<string, unknown> = {
    constant: { kind },
    steps: { kind, every: numbers[0] },
    drops: { kind, at: numbers },
    plateau: { kind, patience: numbers[0] },
    cosine: { kind },
  }
  if (!Object.hasOwn(candidates, kind)) {
    const known = Object.keys(candidates)
    const hint = pointers?.word(kind, known) ?? didYouMean(kind, known)
    throw new AlexNetError('unknown-name', `there is no schedule '${kind}'`, hint)
  }
  const parsed = scheduleSchema.safeParse(candidates[kind])
  if (!parsed.success || ((kind === 'constant' || kind === 'cosine') && numbers.length > 0))
    throw new AlexNetError(
      'invalid-setting',
      `'${text}' is not a schedule`,
      'Write constant, steps:30 (every 30 epochs), drops:8,9 (after 8 and 9 epochs), plateau:5 (patience) or cosine.',
    )
  return parsed.data
}
