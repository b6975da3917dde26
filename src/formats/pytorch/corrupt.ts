import { AlexNetError } from '../../errors.js'
import { quoted } from '../quoted.js'
import { StandIn } from './stand-in.js'

/** What is wrong with a PyTorch file, in one line. */
export function corrupt(what: string, hint = 'The file is damaged, cut off or of another format.'): AlexNetError {
  return new AlexNetError('corrupt-data', `PyTorch file: ${what}`, hint)
}

/** A value of Python from a file, fit for one line of a message. */
export function described(value: unknown): string {
  if (value === null) return 'None'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value instanceof Map) return `a dict of ${value.size}`
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (value instanceof StandIn) return `an object of ${quoted(value.name)}`
  if (typeof value === 'bigint') return quoted(String(value))
  return typeof value === 'object' ? 'an object' : quoted(value)
}
