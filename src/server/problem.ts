import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AlexNetError } from '../errors.js'
import type { ApiError, ApiErrorCode } from './api-types.js'

/** An answer that is no success, thrown from anywhere in a request. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'

  constructor(
    readonly status: ContentfulStatusCode,
    readonly code: ApiErrorCode,
    message: string,
    readonly hint?: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }

  /** What the client gets. */
  body(): ApiError {
    return { error: { code: this.code, message: this.message, ...(this.hint !== undefined && { hint: this.hint }) } }
  }
}

/** Anything thrown, as an answer. What a client cannot have caused stays on the server: it gets no details of it. */
export function asProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof AlexNetError && error.code === 'invalid-image')
    return new HttpProblem(
      400,
      'invalid-image',
      error.message,
      error.hint ?? 'Send a PNG, JPEG, WebP, GIF, TIFF, AVIF or BMP picture.',
    )
  return new HttpProblem(500, 'internal', 'the server failed', 'Its log says why.')
}
