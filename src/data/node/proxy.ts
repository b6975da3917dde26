import http from 'node:http'
import https from 'node:https'

/** Options of an agent that Node's own types do not know yet. */
interface ProxyAgentOptions extends https.AgentOptions {
  readonly proxyEnv?: NodeJS.ProcessEnv
}

/**
 * What opens a connection to a server: through the proxy that `HTTPS_PROXY` or `HTTP_PROXY` names, unless `NO_PROXY`
 * excepts the server. It keeps no connection, which would keep the process alive too.
 */
export function agentFor(url: string): http.Agent {
  const options: ProxyAgentOptions = { keepAlive: false, proxyEnv: process.env }
  return url.startsWith('https:') ? new https.Agent(options) : new http.Agent(options)
}

/** Why a proxy that is asked for is not used; undefined where it is, or none is asked for. */
export function proxyHint(url: string, version: string = process.versions.node): string | undefined {
  const names = url.startsWith('https:') ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy']
  const name = names.find((one) => process.env[one])
  if (name === undefined || mindsProxies(version)) return undefined
  return `${name} is set, but Node ${version} does not go through proxies: take 22.21, 24.5 or later.`
}

/** Whether this version of Node knows `proxyEnv`. */
export function mindsProxies(version: string): boolean {
  const [major, minor] = version.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21)
}
