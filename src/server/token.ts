import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { HttpProblem } from './problem.js'

/** Lets through who sends `Authorization: Bearer TOKEN` (RFC 6750). */
export function requireToken(token: string): MiddlewareHandler {
  const expected = digest(token)
  return async (c, next) => {
    const [, sent] = /^Bearer +([^\s]+) *$/i.exec(c.req.header('authorization') ?? '') ?? []
    // Digests have one length, and comparing them takes the same time wherever they differ.
    if (sent === undefined || !timingSafeEqual(digest(sent), expected))
      throw new HttpProblem(
        401,
        'unauthorized',
        `the token is ${sent === undefined ? 'missing' : 'wrong'}`,
        'Send the header Authorization: Bearer TOKEN, with the token that the server was started with.',
        { 'www-authenticate': 'Bearer realm="alexnet"' },
      )
    await next()
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
