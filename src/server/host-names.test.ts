import { describe, expect, it } from 'vitest'
import { commonApp } from './common.js'
import { hostNames } from './host-names.js'

/** What a server with these names answers a request for this one. */
async function status(host: string, allowed: readonly string[] | undefined, asked: string): Promise<number> {
  const app = commonApp(hostNames(host, allowed), () => {}).get('/', (c) => c.text('here'))
  return (await app.request(`http://${asked}/`)).status
}

describe('the names that a server goes by', () => {
  it.each([
    ['127.0.0.1', undefined, 'localhost:8090', 200],
    ['127.0.0.1', undefined, '[::1]:8090', 200],
    ['127.0.0.2', undefined, '127.0.0.2:8090', 200],
    // DNS rebinding: the name of an attacker's page that leads to this machine.
    ['127.0.0.1', undefined, 'evil.example', 403],
    // A proxy that keeps the name by which it was asked.
    ['127.0.0.1', ['alexnet.example.com'], 'alexnet.example.com', 200],
    ['127.0.0.1', ['AlexNet.Example.com'], 'alexnet.example.com:443', 200],
    ['127.0.0.1', ['alexnet.example.com'], 'localhost', 200],
    ['127.0.0.1', ['alexnet.example.com'], 'example.com', 403],
    ['127.0.0.1', ['.example.com'], 'a.b.example.com', 200],
    ['127.0.0.1', ['.example.com'], 'evilexample.com', 403],
    ['127.0.0.1', ['bücher.example'], 'xn--bcher-kva.example', 200],
    ['0.0.0.0', undefined, 'any.example', 200],
    ['0.0.0.0', ['alexnet.example.com'], 'any.example', 403],
    ['0.0.0.0', ['alexnet.example.com'], 'alexnet.example.com', 200],
    // Its own address and name, whichever way they are written.
    ['2001:db8::1', ['a.example'], '[2001:db8::1]:8080', 200],
    ['2001:DB8:0::1', ['a.example'], '[2001:db8::1]:8080', 200],
    ['fe80::1%eth0', ['a.example'], '[fe80::1]', 200],
    ['2001:db8::1', ['a.example'], '[2001:db8::2]', 403],
    ['::1', undefined, '[::1]', 200],
    ['MyHost', ['a.example'], 'myhost:8080', 200],
    ['0.0.0.0', ['2001:db8::7'], '[2001:db8::7]', 200],
    ['0.0.0.0', ['.example.com.'], 'evil.example.', 403],
  ])('on %s with %j, asked for %s: %i', async (host, allowed, asked, expected) => {
    expect(await status(host, allowed, asked)).toBe(expected)
  })

  it.each(['https://a.example', 'a.example:80', 'a.example/path', 'a b', '', '.', '..', '.a..b', '*.example.com'])(
    '%j is none',
    (name) => {
      expect(() => hostNames('127.0.0.1', [name])).toThrow(expect.objectContaining({ code: 'usage' }))
    },
  )
})
