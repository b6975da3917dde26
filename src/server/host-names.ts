import { AlexNetError } from '../errors.js'
import { isLoopback, loopbackHosts } from './loopback.js'

/**
 * The names that a server goes by; undefined: any.
 *
 * @param host The address that it listens on: on one that only this machine reaches, it goes by this machine's names.
 * @param allowed More names, those by which a proxy before it is asked: `alexnet.example.com`, or `.example.com` for all
 *   that end so. With any of them a server that others reach goes by no name but these and its own.
 * @throws AlexNetError `usage` for what is no name.
 */
export function hostNames(host: string, allowed: readonly string[] = []): ReadonlySet<string> | undefined {
  if (!isLoopback(host) && allowed.length === 0) return undefined
  return new Set([...loopbackHosts, ...(host === '::1' ? [] : [host]), ...allowed.map(asAsked)])
}

/** Whether a server of these names is asked for by one of them. */
export function goesBy(names: ReadonlySet<string>, hostname: string): boolean {
  return names.has(hostname) || [...names].some((name) => name.startsWith('.') && hostname.endsWith(name))
}

/** A name as it comes in a request: in small letters, and in ASCII. */
function asAsked(name: string): string {
  const address = `http://${name}`
  if (!/[/@?#]|:\d*$/.test(name) && URL.canParse(address)) return new URL(address).hostname
  throw new AlexNetError(
    'usage',
    `'${name}' is no name of a server`,
    'Give names without scheme and port, such as alexnet.example.com, or .example.com for all that end so.',
  )
}
