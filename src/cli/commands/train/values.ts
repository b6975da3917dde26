import { InvalidArgumentError } from 'commander'
import type { LossSettings } from '../../../programs/loss.js'
import { parseSchedule } from '../../../runs/parse-schedule.js'
import { recipeSchema } from '../../../runs/recipe.js'
import type { Schedule } from '../../../runs/schedule.js'
import { pointersIn } from '../../../settings/pointers.js'
import { bySchema, refused } from '../../by-schema.js'
import { AUTO_RATE } from './auto-rate.js'

/** Reads multipliers of rates, such as `classifier.6=10,features=0.1`. */
export function multipliers(text: string): Record<string, number> {
  return namedNumbers(text, (entry) => `Expected a name and a factor, such as classifier.6=10, got '${entry}'.`)
}

/** Reads what the pictures of each class count, such as `balanced` or `cat=2,dog=0.5`. */
export function classWeights(text: string): NonNullable<LossSettings['classWeights']> {
  if (text.trim() === 'balanced') return 'balanced'
  return namedNumbers(
    text,
    (entry) => `Expected 'balanced', or classes and weights such as cat=2,dog=0.5, got '${entry}'.`,
  )
}

/** `name=number,name=number`; no number is below 0. */
function namedNumbers(text: string, wrong: (entry: string) => string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((entry) => {
      const [, name, factor] = /^\s*(.*[^\s])\s*=\s*([\d.e+-]+)\s*$/i.exec(entry) ?? []
      const value = Number(factor)
      if (name === undefined || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError(wrong(entry))
      return [name, value]
    }),
  )
}

/** Reads the names of parameters that stay as they are: multipliers of 0. */
export function frozen(text: string): Record<string, number> {
  return Object.fromEntries(text.split(',').map((name) => [name.trim(), 0]))
}

/** Reads a schedule, such as `drops:8,9`. */
export function schedule(text: string): Schedule {
  return refused(() => parseSchedule(text, pointersIn(recipeSchema)))
}

const rate = bySchema(recipeSchema, 'optimizer.rate')

/** Reads a learning rate, or the word that has it looked for. */
export function rateOrAuto(text: string): unknown {
  return text === AUTO_RATE ? AUTO_RATE : rate(text)
}
