import { AlexNetError } from '../errors.js'
import type { Pointers } from '../settings/check.js'
import { didYouMean } from '../suggest.js'
import { type Schedule, scheduleSchema } from './schedule.js'

/**
 * Reads a schedule as it is written on the command line: `constant`, `steps:30`, `drops:8,9`, `plateau`, `plateau:3`
 * (patience), `cosine`, `one-cycle`.
 * @param pointers For what a person has typed.
 * @throws AlexNetError `unknown-name` or `invalid-setting`
 */
export function parseSchedule(text: string, pointers?: Pointers): Schedule {
  const [kind, ...rest] = text.split(':')
  const numbers = rest.length === 0 ? [] : rest.join(':').split(',')
  // A number that is left empty is none, not 0.
  const values = numbers.map((number) => (number.trim() === '' ? Number.NaN : Number(number)))
  const [first] = values
  const candidates: Record<string, { readonly schedule: unknown; readonly most: number }> = {
    constant: { schedule: { kind }, most: 0 },
    steps: { schedule: { kind, every: first }, most: 1 },
    drops: { schedule: { kind, at: values }, most: Number.POSITIVE_INFINITY },
    plateau: { schedule: { kind, patience: first }, most: 1 },
    cosine: { schedule: { kind }, most: 0 },
    'one-cycle': { schedule: { kind }, most: 0 },
  }
  if (!Object.hasOwn(candidates, kind)) {
    const known = Object.keys(candidates)
    const hint = pointers?.word(kind, known) ?? didYouMean(kind, known)
    throw new AlexNetError('unknown-name', `there is no schedule '${kind}'`, hint)
  }
  const { schedule, most } = candidates[kind]
  const parsed = scheduleSchema.safeParse(schedule)
  // Numbers that the kind has no use for would be dropped without a word.
  if (!parsed.success || values.length > most)
    throw new AlexNetError(
      'invalid-setting',
      `'${text}' is not a schedule`,
      'Write constant, steps:30 (every 30 epochs), drops:8,9 (after 8 and 9 epochs), plateau:5 (patience), cosine or one-cycle.',
    )
  return parsed.data
}
