import http from 'node:http'
import https from 'node:https'
import { agentFor } from './proxy.js'

/** A server's answer whose body is still to come. */
export type Answer = http.IncomingMessage

const MOST_REDIRECTS = 5

/**
 * Sends a GET request and follows redirects. Unlike `fetch` it never unpacks the body: some servers call a `.tar.gz` a
 * file with gzip encoding, and a checksum is of the bytes as they lie there.
 *
 * @param stallMs How long the line may be silent, before and during the body, until the request fails.
 * @throws Whatever the network throws.
 */
export async function httpGet(
  url: string,
  headers: Record<string, string>,
  { stallMs, signal }: { stallMs: number; signal?: AbortSignal },
): Promise<Answer> {
  let place = url
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const answer = await getOnce(place, headers, stallMs, signal)
    const { location } = answer.headers
    const status = answer.statusCode ?? 0
    if (status < 300 || status >= 400 || location === undefined) return answer
    answer.resume()
    place = new URL(location, place).href
  }
  throw new Error(`more than ${MOST_REDIRECTS} redirects`)
}

function getOnce(url: string, headers: Record<string, string>, stallMs: number, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { get } = url.startsWith('https:') ? https : http
    const request = get(url, { headers, signal, agent: agentFor(url) }, resolve)
    request.on('error', reject)
    request.setTimeout(stallMs, () => request.destroy(new Error(`the server was silent for ${stallMs / 1000} s`)))
  })
}
