import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Started, start } from '../../tests/support/cli.js'
import { BODY_BYTES, type MalformedRequest, malformedRequest } from '../../tests/support/malformed-requests.js'
import { picture, tinyCheckpoint } from '../../tests/support/server-fixture.js'
import { thoroughly } from '../../tests/support/thoroughness.js'
import { encodeCheckpoint } from '../runs/checkpoint.js'
import { writeAtomically } from '../runs/node/write-atomically.js'
import { answerSchemas } from './openapi.js'

/** `ALEXNET_MALFORMED=100000` for a longer search; another `ALEXNET_SEED` for other requests. */
const COUNT = Number(process.env.ALEXNET_MALFORMED ?? thoroughly(2_000, 10_000))
const SEED = Number(process.env.ALEXNET_SEED ?? 1)
const AT_ONCE = 16

/** Longer than the server's own limit. */
const HANG_MILLISECONDS = 30_000

let folder: string
let server: Started
let port: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-malformed-'))
  const file = join(folder, 'tiny.safetensors')
  await writeAtomically(file, encodeCheckpoint(tinyCheckpoint()))
  const body = String(BODY_BYTES / 1e6)
  server = start([
    ...['serve', file, '--engine', 'onnx', '--port', '0', '--max-body', body, '--max-pixels', '1'],
    ...['--max-pictures', '4', '--timeout', '20'],
  ])
  port = await server.listening()
}, 120_000)

afterAll(async () => {
  server.child.kill()
  await server.finished
  await rm(folder, { recursive: true, force: true })
})

it(`answers each of ${COUNT.toLocaleString('en')} malformed requests with 4xx and an error as JSON`, async () => {
  const [jpeg, png, webp] = await Promise.all((['jpeg', 'png', 'webp'] as const).map((format) => picture(1, format)))
  const requests = fc.sample(malformedRequest({ jpeg, png, webp }), { numRuns: COUNT, seed: SEED })
  const before = await classify(jpeg)
  let next = 0
  const counts = new Map<string, number>()
  /** An example of each kind that was answered otherwise. */
  const wrong = new Map<string, string>()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < requests.length) {
        const request = requests[next++]
        const answer = await send(request).catch((error: Error) => error.message)
        const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1])
        if (status === 200 && request.mayBeFine) continue
        const body = parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
        if (!(status >= 400 && status < 500) || !answerSchemas.ApiError.safeParse(body).success)
          wrong.set(request.kind, `${quoted(request.bytes.toString('latin1'))} → ${quoted(answer)}`)
        counts.set(request.kind, (counts.get(request.kind) ?? 0) + 1)
      }
    }),
  )
  expect(Object.fromEntries(wrong)).toEqual({})
  expect(counts.size).toBeGreaterThan(25)
  // Unharmed.
  expect(server.child.exitCode).toBeNull()
  expect(await classify(jpeg)).toEqual(before)
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  expect(metrics).toContain('alexnet_queue_pictures 0')
  expect(metrics).not.toMatch(/status="5\d\d"/)
}, 600_000)

async function classify(body: Buffer): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/predict`, {
    method: 'POST',
    body: body as Uint8Array<ArrayBuffer>,
    headers: { 'content-type': 'image/jpeg' },
  })
  expect(response.status).toBe(200)
  return response.json()
}

/** Sends bytes on a connection of its own. @returns The first answer, as it came. */
function send({ bytes, halfClose }: MalformedRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1')
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`no answer to ${JSON.stringify(bytes.toString('latin1').slice(0, 300))}: ${answer}`))
    }, HANG_MILLISECONDS)
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      answer += text
      const head = answer.indexOf('\r\n\r\n')
      const length = /\r\ncontent-length: (\d+)\r\n/i.exec(answer.slice(0, head + 2))?.[1]
      if (head >= 0 && length !== undefined && answer.length >= head + 4 + Number(length)) end()
    })
    // A server may close before it has read all of what is too large.
    socket.on('error', end)
    socket.on('close', end)
    socket.write(bytes)
    if (halfClose) socket.end()
  })
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 300))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
