import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { AlexNetError, messageOf } from '../errors.js'
import { HttpProblem } from './problem.js'

export interface HttpServerOptions {
  readonly app: Hono
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Seconds in which a request must have come in. */
  readonly requestSeconds: number
}

export interface HttpServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string
  /** Takes no more connections, finishes the requests that it has, for so many seconds at most. */
  close(graceSeconds: number): Promise<void>
}

/** The most bytes of a request's head: Node's own default, said here since an error names it. */
const HEADER_BYTES = 16_384

/** More clients at once than this are turned away by the system, before they cost memory. */
const MOST_CONNECTIONS = 1024

/**
 * Serves an app over HTTP/1.1. A client that is slow or breaks the protocol is answered with an error as JSON, and cut off.
 * @throws AlexNetError `cannot-listen` when it cannot listen there.
 */
export async function listen({ app, host, port, requestSeconds }: HttpServerOptions): Promise<HttpServer> {
  const listener = getRequestListener(app.fetch, {
    errorHandler: (error) =>
      answer(new HttpProblem(400, 'bad-request', `the request cannot be read: ${messageOf(error)}`)),
  })
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    // Node's parser lets it pass.
    if (request.httpVersionMajor < 1) refuse(request.socket, new HttpProblem(400, 'bad-request', 'expected HTTP/1.1'))
    else void listener(request, response)
  }
  const server = createServer(
    {
      headersTimeout: 1000 * Math.min(requestSeconds, 10),
      requestTimeout: 1000 * requestSeconds,
      // Longer than clients and proxies keep a connection: whoever ends it first should not be the server.
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: HEADER_BYTES,
      // Checked by the listener, whose answer says what is wrong.
      requireHostHeader: false,
    },
    handle,
  )
  server.maxConnections = MOST_CONNECTIONS
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(socket, problemOf(error)))
  // Node would end these without a word.
  server.on('connect', (_, socket: Duplex) =>
    refuse(socket, new HttpProblem(405, 'method-not-allowed', 'this server is no proxy', 'Use GET or POST.')),
  )
  server.on('checkExpectation', (_, response: ServerResponse) => {
    response.shouldKeepAlive = false
    const problem = new HttpProblem(417, 'bad-request', 'the header Expect is not understood', 'Leave it out.')
    const body = JSON.stringify(problem.body())
    response
      .writeHead(problem.status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      .end(body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port)))
    server.listen(port, host, resolve)
  })
  const { port: own } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${own}`,
    close: (graceSeconds) => close(server, graceSeconds),
  }
}

async function close(server: Server, graceSeconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const timer = setTimeout(() => server.closeAllConnections(), 1000 * graceSeconds)
  // Connections that were busy just now become idle one after the other.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearTimeout(timer)
  clearInterval(sweep)
}

function answer(problem: HttpProblem): Response {
  return Response.json(problem.body(), { status: problem.status, headers: problem.headers })
}

/** What Node's parser has refused. */
function problemOf(error: NodeJS.ErrnoException): HttpProblem {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HttpProblem(431, 'too-large', `the head of the request has more than ${HEADER_BYTES} bytes`)
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new HttpProblem(413, 'too-large', 'the extensions of a chunk are too long')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpProblem(408, 'request-timeout', 'the request came too slowly', 'Send it faster, or smaller.')
    default:
      return new HttpProblem(400, 'bad-request', `this is no HTTP request: ${messageOf(error)}`)
  }
}

/** Answers on a connection that no request object belongs to, and ends it. */
function refuse(socket: Duplex, problem: HttpProblem): void {
  if (!socket.writable || (socket as Socket).readyState === 'closed') {
    socket.destroy()
    return
  }
  const body = JSON.stringify(problem.body())
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  )
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): AlexNetError {
  const [reason, hint] =
    error.code === 'EADDRINUSE'
      ? [`another program uses port ${port}`, 'Choose another with --port; 0 takes any that is free.']
      : error.code === 'EACCES'
        ? [`port ${port} is for the system`, 'Choose one above 1023 with --port.']
        : error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
          ? ['this machine has no such address', 'Choose one of its own with --host, such as 127.0.0.1.']
          : [messageOf(error), undefined]
  return new AlexNetError('cannot-listen', `cannot listen on ${host}:${port}: ${reason}`, hint, { cause: error })
}
