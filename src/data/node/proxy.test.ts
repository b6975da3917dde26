import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { download } from './download.js'
import { mindsProxies, proxyHint } from './proxy.js'

const sha256OfHello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

let folder: string
let asked: string[]
/** Passes requests on to the server whose name nobody else knows. */
const proxy = createServer((request, response) => {
  asked.push(request.url!)
  response.end('hello')
})
const server = createServer((_, response) => response.end('hello'))
// A tunnel to whatever is asked for, to the server in fact.
proxy.on('connect', (request, socket) => {
  asked.push(request.url!)
  const { port } = server.address() as AddressInfo
  const onward = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
  onward.pipe(socket).pipe(onward)
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-proxy-'))
  asked = []
  for (const one of [proxy, server]) await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'])
    vi.stubEnv(name, '')
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const one of [proxy, server]) {
    one.closeAllConnections()
    await new Promise((resolve) => one.close(resolve))
  }
  await rm(folder, { recursive: true })
})

const file = () => join(folder, 'file')
const fetch = (url: string) => download({ url, file: file(), sha256: sha256OfHello, pauses: [] })

describe('a download', () => {
  it.runIf(mindsProxies(process.versions.node))('goes through the proxy of the environment', async () => {
    await fetch('http://nowhere.invalid/hello')
    expect(await readFile(file(), 'utf8')).toBe('hello')
    expect(asked).toEqual([expect.stringContaining('nowhere.invalid')])
  })

  it.skipIf(mindsProxies(process.versions.node))('says that this Node does not go through proxies', async () => {
    await expect(fetch('http://nowhere.invalid/hello')).rejects.toMatchObject({
      code: 'download-failed',
      hint: expect.stringMatching(/^HTTP_PROXY is set, but Node .* Check the network/),
    })
  })

  it('goes past it to what NO_PROXY excepts', async () => {
    vi.stubEnv('NO_PROXY', '127.0.0.1')
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hello`)
    expect(asked).toEqual([])
  })
})

it.each([
  ['20.20.2', false],
  ['22.20.0', false],
  ['22.21.0', true],
  ['23.11.0', false],
  ['24.4.1', false],
  ['24.5.0', true],
  ['25.0.0', true],
  ['26.1.0', true],
])('Node %s minds proxies: %s', (version, minds) => {
  expect(mindsProxies(version)).toBe(minds)
  expect(proxyHint('http://a.example', version) === undefined).toBe(minds)
  expect(proxyHint('https://a.example', version)).toBeUndefined()
})
