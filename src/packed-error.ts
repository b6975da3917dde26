import { AlexNetError, type ErrorCode } from './errors.js'

/** An error as it crosses threads or processes, which would otherwise strip it of its class and code. */
export interface PackedError {
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly code?: ErrorCode
  readonly hint?: string
}

export function packError(error: unknown): PackedError {
  if (error instanceof AlexNetError) {
    const { name, message, stack, code, hint } = error
    return { name, message, stack, code, hint }
  }
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack }
  return { name: 'Error', message: String(error) }
}

/** The same error again, with the stack of the place where it happened. */
export function unpackError({ name, message, stack, code, hint }: PackedError): Error {
  if (code) return Object.assign(new AlexNetError(code, message, hint), { stack })
  return Object.assign(new Error(message), { name, stack })
}
