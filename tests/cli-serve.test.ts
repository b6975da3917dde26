import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeCheckpoint } from '../src/runs/checkpoint.js'
import type { ApiError, PredictResponse } from '../src/server/api-types.js'
import { alexnet, type Started, start } from './support/cli.js'
import { picture, tinyCheckpoint } from './support/server-fixture.js'

let folder: string
let file: string
let jpeg: Buffer
const servers: Started[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-serve-'))
  file = join(folder, 'tiny.safetensors')
  await writeFile(file, Buffer.concat(encodeCheckpoint(tinyCheckpoint())))
  // Neither square nor of the net's size.
  jpeg = await picture(5, 'jpeg', 300, 200)
  await writeFile(join(folder, 'a picture.jpg'), jpeg)
})

afterAll(async () => {
  for (const { child, finished } of servers) {
    child.kill('SIGKILL')
    await finished
  }
  await rm(folder, { recursive: true, force: true })
})

async function serve(...options: string[]): Promise<{ started: Started; port: number; url: string }> {
  const started = start(['serve', file, '--engine', 'onnx', '--port', '0', '--batch-size', '4', ...options])
  servers.push(started)
  const port = await started.listening()
  return { started, port, url: `http://127.0.0.1:${port}` }
}

const post = (url: string, body: Buffer = jpeg, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/predict`, {
    method: 'POST',
    body: body as Uint8Array<ArrayBuffer>,
    headers: { 'content-type': 'image/jpeg', ...headers },
  })

/** All that comes on a connection, until the server closes it. */
function text(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}

describe('alexnet serve', () => {
  it('says exactly what alexnet predict says', async () => {
    const { url, started } = await serve()
    const response = await post(url)
    const { predictions } = (await response.json()) as PredictResponse
    const { stdout } = await alexnet('predict', file, join(folder, 'a picture.jpg'), '--engine', 'onnx', '--json')
    expect(predictions[0].top).toEqual(JSON.parse(stdout)[0].top)
    started.child.kill('SIGTERM')
    expect(await started.finished).toMatchObject({ code: 0, stderr: '' })
  }, 120_000)

  it('finishes what it took when it is told to end, and takes no more', async () => {
    const { url, port, started } = await serve('--queue', '8')
    // All have come half the way.
    const head = `POST /v1/predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`
    const flying = Array.from({ length: 8 }, () => {
      const socket = connect(port, '127.0.0.1')
      socket.write(head)
      socket.write(jpeg.subarray(0, 100))
      return { socket, answer: text(socket) }
    })
    const taken = async () => (await (await fetch(`${url}/metrics`)).text()).includes('alexnet_queue_pictures 8\n')
    while (!(await taken())) await sleep(50)
    expect((await post(url)).status).toBe(429)
    started.child.kill('SIGTERM')
    await started.shown('Finishing')
    for (const { socket } of flying) socket.write(jpeg.subarray(100))
    for (const { answer } of flying) expect(await answer).toMatch(/^HTTP\/1\.1 200 /)
    expect((await started.finished).code).toBe(0)
    await expect(fetch(url)).rejects.toThrow()
  }, 120_000)

  it('cuts a slow client off, with an error, and serves others meanwhile', async () => {
    const { url, port } = await serve('--timeout', '2')
    const slow = (beginning: string) => {
      const socket = connect(port, '127.0.0.1')
      socket.write(beginning)
      return text(socket)
    }
    const head = slow('POST /v1/predict HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    const body = slow(
      'POST /v1/predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\nx',
    )
    expect((await post(url)).status).toBe(200)
    for (const answer of [await head, await body]) {
      expect(answer).toMatch(/^HTTP\/1\.1 (408|503) /)
      const { error } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as ApiError
      expect(['request-timeout', 'timeout']).toContain(error.code)
    }
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('alexnet_queue_pictures 0')
  }, 120_000)

  it('asks for the token of the environment', async () => {
    const started = start(['serve', file, '--engine', 'onnx', '--port', '0', '--batch-size', '1'], {
      env: { ALEXNET_TOKEN: 'secret' },
    })
    servers.push(started)
    const url = `http://127.0.0.1:${await started.listening()}`
    expect((await post(url)).status).toBe(401)
    expect((await post(url, jpeg, { authorization: 'Bearer secret' })).status).toBe(200)
  }, 120_000)

  it('tells in one line what does not go', async () => {
    const { port } = await serve()
    const taken = await alexnet('serve', file, '--engine', 'onnx', '--port', String(port), '--batch-size', '1')
    expect(taken.code).toBe(1)
    expect(taken.stderr.split('\n')[0]).toBe(
      `alexnet: cannot listen on 127.0.0.1:${port}: another program uses port ${port}`,
    )
    expect(await alexnet('serve', join(folder, 'nothing'))).toMatchObject({ code: 1 })
    expect(await alexnet('serve', file, '--port', '65536')).toMatchObject({ code: 2 })
    expect(await alexnet('serve', file, '--token', 'two words')).toMatchObject({ code: 2 })
  }, 120_000)
})

describe('alexnet train --ui', () => {
  it('shows the run while it goes on, and ends with it', async () => {
    const out = join(folder, 'runs', 'shown')
    const small = ['--width', '0.0625', '--epochs', '50', '--threads', '1']
    const training = start(['train', ...small, '--out', out, '--ui'])
    servers.push(training)
    const port = await training.listening()
    const url = `http://127.0.0.1:${port}`
    const seen = async () => {
      const { runs } = (await (await fetch(`${url}/api/runs`)).json()) as { runs: { name: string; state: string }[] }
      return runs
    }
    expect(await seen()).toMatchObject([{ name: 'shown', state: 'running' }])
    training.child.kill('SIGTERM')
    expect((await training.finished).code).toBe(130)
    for (let tries = 0; tries < 100; tries++) {
      const isThere = await seen().then(
        () => true,
        () => false,
      )
      if (!isThere) return
      await sleep(100)
    }
    expect.fail('the page outlives its training')
  }, 120_000)
})
