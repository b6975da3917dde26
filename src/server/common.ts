import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { goesBy } from './host-names.js'
import { asProblem, HttpProblem } from './problem.js'

/**
 * What the servers of this project have in common: safe headers, the check of the host's name, and errors as JSON.
 *
 * @param hosts The names that the server goes by; undefined: any. A page from elsewhere whose name an attacker has made
 *   to point at this machine (DNS rebinding) asks for another name.
 * @param onFailure Gets what is a bug.
 */
export function commonApp(hosts: ReadonlySet<string> | undefined, onFailure: (error: unknown) => void): Hono {
  const app = new Hono()
  app.use(
    secureHeaders({
      // What a page needs that runs threaded WebAssembly in workers, and shows pictures that the user has chosen.
      crossOriginEmbedderPolicy: 'require-corp',
      crossOriginOpenerPolicy: 'same-origin',
      crossOriginResourcePolicy: 'same-origin',
      strictTransportSecurity: false,
      xFrameOptions: 'DENY',
      permissionsPolicy: { camera: ['self'], microphone: [], geolocation: [] },
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", 'blob:', 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'none'"],
      },
    }),
  )
  if (hosts) app.use(checkHost(hosts))
  app.onError((error, c) => {
    const problem = asProblem(error)
    if (problem.code === 'internal') onFailure(error)
    return answerProblem(c, problem)
  })
  app.notFound((c) =>
    answerProblem(
      c,
      new HttpProblem(404, 'not-found', `there is nothing at ${c.req.path.slice(0, 200)}`, 'Check the address.'),
    ),
  )
  return app
}

function checkHost(hosts: ReadonlySet<string>): MiddlewareHandler {
  return async (c, next) => {
    const { hostname } = new URL(c.req.url)
    if (!goesBy(hosts, hostname))
      throw new HttpProblem(
        403,
        'forbidden',
        `this server does not go by the name ${JSON.stringify(hostname)}`,
        'Ask for 127.0.0.1; where a proxy passes requests on, start it with --allowed-hosts and the name.',
      )
    await next()
  }
}

/** For the methods that a path does not have. */
export function methodNotAllowed(...allowed: readonly string[]) {
  return (c: Context): never => {
    throw new HttpProblem(
      405,
      'method-not-allowed',
      `${c.req.path} has no method ${c.req.method.slice(0, 20)}`,
      `Use ${allowed.join(' or ')}.`,
      { allow: allowed.join(', ') },
    )
  }
}

function answerProblem(c: Context, problem: HttpProblem): Response {
  return c.json(problem.body(), problem.status, { ...problem.headers, 'cache-control': 'no-store' })
}
