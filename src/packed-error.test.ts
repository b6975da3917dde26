import { expect, it } from 'vitest'
import { AlexNetError } from './errors.js'
import { packError, unpackError } from './packed-error.js'

/** Across threads: through the structured clone. */
const sent = (error: unknown) => unpackError(structuredClone(packError(error)))

it('carries our errors with their class, code, hint and stack', () => {
  const error = new AlexNetError('corrupt-data', 'broken', 'mend it')
  expect(sent(error)).toBeInstanceOf(AlexNetError)
  expect(sent(error)).toMatchObject({ code: 'corrupt-data', message: 'broken', hint: 'mend it', stack: error.stack })
})

it('carries other errors with their name and stack, and what is no error', () => {
  const error = new TypeError('undefined is not a function')
  expect(sent(error)).toMatchObject({ name: 'TypeError', message: error.message, stack: error.stack })
  expect(sent('a string')).toMatchObject({ name: 'Error', message: 'a string' })
})
