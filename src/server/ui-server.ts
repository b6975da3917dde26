import { fileURLToPath } from 'node:url'
import { messageOf } from '../errors.js'
import { RunFolders } from '../runs/node/run-folders.js'
import { hostNames } from './host-names.js'
import { listen } from './http-server.js'
import { runsApp } from './runs-app.js'

export interface UiServerOptions {
  /** Folders that are runs or hold runs. */
  readonly runs: readonly string[]
  /** Default: 127.0.0.1, this machine alone. */
  readonly host?: string
  /** Default: 8090; 0 takes any that is free. */
  readonly port?: number
  /** Names by which a proxy before it is asked: see `hostNames`. */
  readonly allowedHosts?: readonly string[]
  /** The folder of the built page; default: that of this package. */
  readonly page?: string
}

/** The built page, beside the compiled program. */
const packagedPage = fileURLToPath(new URL('../web', import.meta.url))

/** What a browser sends has no body: a few seconds are plenty. */
const REQUEST_SECONDS = 10

/**
 * Serves the page that shows runs, and the runs. It reads their files and writes none.
 * @throws AlexNetError `cannot-listen`
 * @example const server = await serveUi({ runs: ['runs'] })
 */
export async function serveUi(options: UiServerOptions) {
  const { runs, host = '127.0.0.1', port = 8090, allowedHosts, page = packagedPage } = options
  const ending = new AbortController()
  const app = runsApp({
    folders: new RunFolders(runs),
    page,
    hosts: hostNames(host, allowedHosts),
    signal: ending.signal,
    onFailure: (error) => process.stderr.write(`alexnet ui: ${messageOf(error)}\n`),
  })
  const server = await listen({ app, host, port, requestSeconds: REQUEST_SECONDS })
  return {
    url: server.url,
    async close(): Promise<void> {
      ending.abort()
      await server.close(1)
    },
  }
}
