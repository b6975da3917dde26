import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { breakOnceWritten } from '../../../tests/support/break-connection.js'
import { type DownloadOptions, download } from './download.js'

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) % 256))
const sha256 = createHash('sha256').update(content).digest('hex')

/** What the server does with each request in turn; the last one stands for all that follow. */
type Reaction = (request: IncomingMessage, response: ServerResponse) => void

let dir: string
let url: string
let reactions: Reaction[]
let requests: IncomingMessage['headers'][]

const server = createServer((request, response) => {
  requests.push(request.headers)
  const reaction = reactions.length > 1 ? reactions.shift()! : reactions[0]
  reaction(request, response)
})

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'alexnet-'))
  reactions = [whole]
  requests = []
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(dir, { recursive: true })
})

/** What has come so far. */
const part = () => join(dir, 'sub', 'file.bin.part')

/** Knows ranges and tags, as most servers do. */
function whole(request: IncomingMessage, response: ServerResponse): void {
  const etag = '"v1"'
  const first = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const condition = request.headers['if-range']
  if (first === 0 || (condition !== undefined && condition !== etag)) {
    response.writeHead(200, { 'content-length': content.length, etag }).end(content)
  } else if (first >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
  } else {
    const range = `bytes ${first}-${content.length - 1}/${content.length}`
    response
      .writeHead(206, { 'content-length': content.length - first, 'content-range': range, etag })
      .end(content.subarray(first))
  }
}

/** Sends the beginning, then breaks the connection. */
function broken(bytes: number): Reaction {
  return (_, response) => {
    response.writeHead(200, { 'content-length': content.length, etag: '"v1"' })
    response.write(content.subarray(0, bytes))
    breakOnceWritten(response, part(), bytes)
  }
}

function answers(status: number, headers: Record<string, string> = {}): Reaction {
  return (_, response) => {
    response.writeHead(status, headers).end('not the file')
  }
}

function options(more: Partial<DownloadOptions> = {}): DownloadOptions {
  return { url, file: join(dir, 'sub', 'file.bin'), sha256, pauses: [1, 1], ...more }
}

/** The file is whole, and nothing else is left. */
async function expectWhole(): Promise<void> {
  expect(content.equals(await readFile(join(dir, 'sub', 'file.bin')))).toBe(true)
  expect(await readdir(join(dir, 'sub'))).toEqual(['file.bin'])
}

async function writePart(bytes: Uint8Array, etag?: string): Promise<void> {
  await mkdir(join(dir, 'sub'))
  await writeFile(join(dir, 'sub', 'file.bin.part'), bytes)
  if (etag) await writeFile(join(dir, 'sub', 'file.bin.part.etag'), etag)
}

describe('download', () => {
  it('brings the file, and says how far it is', async () => {
    const progress: [number, number | undefined][] = []
    await download(options({ onProgress: ({ received, total }) => progress.push([received, total]) }))
    await expectWhole()
    expect(progress[0]).toEqual([0, content.length])
    expect(progress.at(-1)).toEqual([content.length, content.length])
  })

  it('asks no server for a file that is there', async () => {
    await download(options())
    await download(options())
    expect(requests).toHaveLength(1)
  })

  it('leaves a file alone that is another one', async () => {
    await mkdir(join(dir, 'sub'))
    await writeFile(join(dir, 'sub', 'file.bin'), 'mine')
    await expect(download(options())).rejects.toMatchObject({ code: 'corrupt-data' })
    expect(await readFile(join(dir, 'sub', 'file.bin'), 'utf8')).toBe('mine')
  })

  it('follows redirects', async () => {
    reactions = [answers(302, { location: '/elsewhere' }), whole]
    await download(options())
    await expectWhole()
  })

  it('does not follow them in a circle', async () => {
    reactions = [answers(302, { location: '/file' })]
    await expect(download(options({ pauses: [] }))).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('redirects'),
    })
  })

  it('takes the bytes as they lie there, even if the server calls them packed', async () => {
    reactions = [
      (_, response) => {
        response.writeHead(200, { 'content-encoding': 'x-gzip', 'content-length': content.length }).end(content)
      },
    ]
    await download(options())
    await expectWhole()
  })

  it('resumes where the connection broke', async () => {
    reactions = [broken(100_000), whole]
    await download(options())
    await expectWhole()
    expect(requests[1]).toMatchObject({ range: 'bytes=100000-', 'if-range': '"v1"' })
  })

  it('does not give up while every try brings something', async () => {
    const more: Reaction = (request, response) => {
      const first = Number(/\d+/.exec(request.headers.range ?? '0')?.[0])
      const range = `bytes ${first}-${content.length - 1}/${content.length}`
      response.writeHead(206, { 'content-length': content.length - first, 'content-range': range })
      response.write(content.subarray(first, first + 40_000))
      breakOnceWritten(response, part(), first + 40_000)
    }
    reactions = [broken(40_000), more, more, more, more, whole]
    await download(options())
    await expectWhole()
  })

  it('keeps what has come when it gives up, and a later call resumes it', async () => {
    reactions = [broken(100_000), answers(503)]
    await expect(download(options())).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('503'),
    })
    expect(requests).toHaveLength(3) // the one that brought bytes, and one after each pause
    expect((await readFile(join(dir, 'sub', 'file.bin.part'))).length).toBe(100_000)
    reactions = [whole]
    await download(options())
    await expectWhole()
    expect(requests.at(-1)?.range).toBe('bytes=100000-')
  })

  it('begins anew with a server that knows no ranges', async () => {
    await writePart(Buffer.alloc(1000, 1))
    reactions = [
      (_, response) => {
        response.writeHead(200).end(content)
      },
    ]
    await download(options({ bytes: content.length }))
    await expectWhole()
  })

  it('begins anew when the file on the server has changed', async () => {
    await writePart(Buffer.alloc(1000, 1), '"v0"')
    await download(options())
    await expectWhole()
    expect(requests[0]['if-range']).toBe('"v0"')
  })

  it('takes a part that is already complete', async () => {
    await writePart(content)
    await download(options())
    await expectWhole()
  })

  it('throws a part away that is longer than the file', async () => {
    await writePart(Buffer.alloc(content.length + 5), '"v1"')
    await download(options())
    await expectWhole()
  })

  it('deletes a file with another checksum', async () => {
    reactions = [(_, response) => response.writeHead(200).end('something else')]
    await expect(download(options())).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(new RegExp(`expected sha256 ${sha256}, got [0-9a-f]{64}$`)),
    })
    expect(await readdir(join(dir, 'sub'))).toEqual([])
    expect(requests).toHaveLength(1)
  })

  it('does not try again what the server refuses', async () => {
    reactions = [answers(404)]
    await expect(download(options())).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('answered 404'),
      hint: expect.stringContaining(join(dir, 'sub', 'file.bin')),
    })
    expect(requests).toHaveLength(1)
  })

  it('says how to go on without a network', async () => {
    await expect(download(options({ url: 'http://127.0.0.1:1/file' }))).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining('by hand'),
    })
  })

  it('takes silence for a broken connection', async () => {
    const silent: Reaction = (_, response) => {
      response.writeHead(200, { 'content-length': content.length, etag: '"v1"' })
      response.write(content.subarray(0, 1000))
    }
    reactions = [silent, whole]
    await download(options({ stallMs: 100 }))
    await expectWhole()
    expect(requests[1].range).toBe('bytes=1000-')
  })

  it('stops when it is aborted, and keeps the part', async () => {
    const controller = new AbortController()
    reactions = [
      (_, response) => {
        response.writeHead(200, { 'content-length': content.length })
        response.write(content.subarray(0, 1000))
      },
    ]
    const stopped = download(
      options({
        signal: controller.signal,
        onProgress: ({ received }) => received > 0 && controller.abort(new Error('enough')),
      }),
    )
    await expect(stopped).rejects.toThrow('enough')
    expect(requests).toHaveLength(1)
    expect(await readdir(join(dir, 'sub'))).toEqual(['file.bin.part'])
  })

  it('several at once do not disturb each other', async () => {
    await Promise.all([download(options()), download(options()), download(options())])
    await expectWhole()
  })

  it('tells a disk that cannot be written from a network that fails', async () => {
    await writeFile(join(dir, 'sub'), 'a file where the folder should be')
    await expect(download(options())).rejects.toMatchObject({ code: 'not-writable' })
  })
})
