import { AlexNetError } from '../../errors.js'

/** What is wrong with a PyTorch file, in one line. */
export function corrupt(what: string, hint = 'The file is damaged, cut off or of another format.'): AlexNetError {
  return new AlexNetError('corrupt-data', `PyTorch file: ${what}`, hint)
}

/** Anything from a file, fit for one line of a message. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : describe(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

function describe(value: unknown): string {
  if (value === null) return 'None'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value instanceof Map) return `a dict of ${value.size}`
  if (value instanceof Uint8Array) return `${value.length} bytes`
  return typeof value === 'object' ? 'an object' : String(value)
}
