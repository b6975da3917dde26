import { InvalidArgumentError } from 'commander'
import type * as z from 'zod'
import { AlexNetError } from '../errors.js'
import { pathOf, readValue } from '../settings/key.js'

/** Reads what a schema accepts under a key; a text that does not fit is a wrong use of the option. */
export function bySchema(schema: z.ZodType, key: string): (text: string) => unknown {
  const path = pathOf(schema, key)
  return (text) => {
    const value = refused(() => readValue(schema, path, text))
    if (value === undefined) throw new InvalidArgumentError(`${key}: expected a value, got nothing.`)
    return value
  }
}

/** Lets commander say what has been refused: it names the option, and the program ends with 2. */
export function refused<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof AlexNetError)) throw error
    throw new InvalidArgumentError(`${error.message}.${error.hint === undefined ? '' : ` ${error.hint}`}`)
  }
}
