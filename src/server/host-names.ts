import { isIPv6 } from 'node:net'
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
  return new Set([...loopbackHosts, asAsked(host) ?? host, ...allowed.map(allowedName)])
}

/** Whether a server of these names is asked for by one of them. */
export function goesBy(names: ReadonlySet<string>, hostname: string): boolean {
  return names.has(hostname) || [...names].some((name) => name.startsWith('.') && hostname.endsWith(name))
}

/** A name as it comes in a request: in small letters and in ASCII, an address of IPv6 in brackets; undefined for none. */
function asAsked(name: string): string | undefined {
  // The zone of an address, as in fe80::1%eth0, is this machine's own matter.
  const address = `http://${isIPv6(name) ? `[${name.replace(/%.*/, '')}]` : name}`
  return URL.canParse(address) ? new URL(address).hostname : undefined
}

function allowedName(name: string): string {
  const asked = /[/@?#*]/.test(name) || (/:\d*$/.test(name) && !isIPv6(name)) ? undefined : asAsked(name)
  // All names end as a dot alone does, those with a dot at their end.
  if (asked !== undefined && !/^\.$|\.\./.test(asked)) return asked
  throw new AlexNetError(
    'usage',
    `'${name}' is no name of a server`,
    'Give names without scheme and port, such as alexnet.example.com, or .example.com for all that end so.',
  )
}
